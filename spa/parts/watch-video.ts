import type { Attachment } from 'svelte/attachments';

/** Shows the frame at `timeS` of a video under analysis; each jump starts after the previous one has finished. */
export function showAt(timeS: number | null): Attachment<HTMLVideoElement> {
	return (video) => {
		if (timeS === null) return;
		const jump = () => {
			video.currentTime = timeS;
		};
		if (video.readyState === 0) video.addEventListener('loadedmetadata', jump, { once: true });
		else if (video.seeking) video.addEventListener('seeked', jump, { once: true });
		else jump();
		return () => {
			video.removeEventListener('loadedmetadata', jump);
			video.removeEventListener('seeked', jump);
		};
	};
}
