import type { Attachment } from 'svelte/attachments';
import type { Playback } from '../lib/playback.svelte.ts';

/** Connects a video to a playback: reports every frame shown, and jumps on request. */
export function player(playback: Playback): Attachment<HTMLVideoElement> {
	return (video) => {
		const stop = followVideo(video, (timeS) => playback.setTime(timeS));
		return () => stop();
	};
}

/** Jumps to the place that a playback requests; runs again with each request. */
export function seeker(playback: Playback): Attachment<HTMLVideoElement> {
	return (video) => {
		const request = playback.seekRequest;
		if (request && video.seekable.length > 0) video.currentTime = request.timeS;
	};
}

/** Calls `show` with the time, in seconds, of each frame that a video shows, playing or not, until the returned function is called. */
function followVideo(video: HTMLVideoElement, show: (timeS: number) => void): () => void {
	let frame = 0;
	let stopped = false;
	const now = () => show(video.currentTime);
	const next = () => {
		if (stopped || !('requestVideoFrameCallback' in video)) return;
		frame = video.requestVideoFrameCallback((_, { mediaTime }) => {
			show(mediaTime);
			next();
		});
	};
	const events = ['loadeddata', 'seeked', 'timeupdate', 'pause'] as const;
	for (const name of events) video.addEventListener(name, now);
	next();
	return () => {
		stopped = true;
		if ('cancelVideoFrameCallback' in video) video.cancelVideoFrameCallback(frame);
		for (const name of events) video.removeEventListener(name, now);
	};
}
