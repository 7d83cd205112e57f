import type { Page } from 'playwright-core';
import type { Box } from '../../../function/contract/report.ts';
import { part } from './harness.ts';

/** What is drawn over the video at this moment: boxes in px of the video, and their labels. */
export type Drawn = { readonly boxes: readonly Box[]; readonly texts: readonly string[] };

/** Records the rectangles and words of each canvas's latest drawing, which begins with `setTransform`; the drawing itself is the page's. */
const recorder = `{
	const proto = CanvasRenderingContext2D.prototype;
	const wrap = (name, note) => {
		const real = proto[name];
		proto[name] = function (...args) {
			note(this.canvas, args);
			return real.apply(this, args);
		};
	};
	wrap('setTransform', (canvas) => { canvas.drawn = { boxes: [], texts: [] }; });
	wrap('strokeRect', (canvas, box) => canvas.drawn?.boxes.push(box));
	wrap('fillText', (canvas, [text]) => canvas.drawn?.texts.push(text));
}`;

/** Call before the page is loaded. */
export const recordDrawing = (page: Page): Promise<unknown> => page.addInitScript(recorder);

/** What the overlay shows now; empty until there is something. */
export async function drawn(page: Page): Promise<Drawn> {
	const { width, height } = await videoSize(page);
	return part(page, 'overlay').evaluate(
		(canvas, size) => {
			const scale = Math.min(canvas.clientWidth / size.width, canvas.clientHeight / size.height);
			const { boxes, texts } = canvas.drawn ?? { boxes: [], texts: [] };
			const toBox = ([x, y, w, h]: number[]) => ({
				...{ x: (x ?? 0) / scale, y: (y ?? 0) / scale },
				...{ width: (w ?? 0) / scale, height: (h ?? 0) / scale },
			});
			return { boxes: boxes.map(toBox), texts };
		},
		{ width, height },
	);
}

/** Moves the player to another frame, like its own slider, and waits until the frame is on the screen. */
export async function seek(page: Page, timeS: number): Promise<void> {
	await video(page).evaluate(
		(player, time) =>
			new Promise((resolve) => {
				player.requestVideoFrameCallback(resolve);
				player.currentTime = time;
			}),
		timeS + 0.001,
	);
}

/** The player's position, in seconds. */
export const playerTimeS = (page: Page): Promise<number> => video(page).evaluate((player) => player.currentTime);

const video = (page: Page) => part(page, 'player').locator('video').or(page.locator('video[data-testid="player"]'));

const videoSize = (page: Page): Promise<{ width: number; height: number }> =>
	video(page).evaluate((player) => ({ width: player.videoWidth, height: player.videoHeight }));
