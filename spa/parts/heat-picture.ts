import type { Attachment } from 'svelte/attachments';
import { heatMapPixels, type LogitScale } from '../../function/answer/heat-scale.ts';
import type { HeatMap } from '../../function/contract/report.ts';

/** Side of the drawn picture, in px; the page stretches it over the crop. */
const sidePx = 160;

/** Draws a heat map onto a canvas. */
export function heatPicture(map: HeatMap, scale: LogitScale): Attachment<HTMLCanvasElement> {
	return (canvas) => {
		const { data, width, height } = heatMapPixels(map, scale, sidePx);
		canvas.width = width;
		canvas.height = height;
		canvas.getContext('2d')?.putImageData(new ImageData(data, width, height), 0, 0);
	};
}
