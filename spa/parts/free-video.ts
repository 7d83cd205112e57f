import type { Attachment } from 'svelte/attachments';

/** Frees a video's decoder and its pictures as soon as it leaves the page, instead of when the browser collects the element. */
export const freeAtEnd: Attachment<HTMLVideoElement> = (video) => () => {
	video.removeAttribute('src');
	video.load();
};
