import type { Attachment } from 'svelte/attachments';
import { drawFaces, type Scene } from './draw-faces.ts';

/** Keeps a canvas over a picture up to date: redraws when the scene or the size changes. */
export function facesOver(scene: () => Scene): Attachment<HTMLCanvasElement> {
	return (canvas) => {
		const now = scene(); // read here, so that the attachment runs again when it changes
		const draw = () => drawFaces(canvas, now);
		draw();
		const sized = new ResizeObserver(draw);
		sized.observe(canvas);
		return () => sized.disconnect();
	};
}
