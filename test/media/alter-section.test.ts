import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { openMedia } from '../../function/media/open-media.ts';
import { clip } from '../fixtures/make-clips.ts';
import { noSignal, readClip, tools } from './open-clip.ts';

const copiesInTemp = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('unmask-copies-'));

/** Mean difference of neighbouring pixels, which compression and blur reduce. */
const detail = ({ rgb, width }: { rgb: Uint8Array; width: number }) => {
	let sum = 0;
	for (let i = 0; i + 3 < rgb.length; i += 3)
		if ((i / 3) % width < width - 1) sum += Math.abs((rgb[i] as number) - (rgb[i + 3] as number));
	return sum / (rgb.length / 3);
};

it('encodes a section of a video once per change and deletes the copies', async () => {
	const before = await copiesInTemp();
	const media = await openMedia(await clip('plain.mp4'), { tools, signal: noSignal });
	const { copies, remove } = await media.alter({ startS: 0.5, lengthS: 1, blurPx: 2 });
	media.close();
	expect(copies.map(({ change }) => change)).toEqual(['none', 'crf-28', 'crf-36', 'half-size', 'blur']);
	const read = Object.fromEntries(
		await Promise.all(copies.map(async ({ change, path }) => [change, await readClip(path, { frames: 4 })] as const)),
	);
	for (const { video, frames } of Object.values(read)) {
		expect(video.durationS).toBeCloseTo(1, 1);
		expect(frames).toHaveLength(4);
	}
	const [none, half] = [read.none, read['half-size']];
	expect([half?.video.width, half?.video.height]).toEqual([
		(none?.video.width ?? 0) / 2,
		(none?.video.height ?? 0) / 2,
	]);
	const detailOf = (change: string) => {
		const [frame] = read[change]?.frames ?? [];
		return frame ? detail(frame) : Number.NaN;
	};
	expect(detailOf('blur')).toBeLessThan(0.8 * detailOf('none'));
	expect(read['crf-36']?.video.sizeBytes).toBeLessThan(read['crf-28']?.video.sizeBytes ?? 0);
	expect(read['crf-28']?.video.sizeBytes).toBeLessThan(none?.video.sizeBytes ?? 0);
	await remove();
	expect(await copiesInTemp()).toEqual(before);
});

it('leaves nothing behind when it is stopped', async () => {
	const before = await copiesInTemp();
	const media = await openMedia(await clip('plain.mp4'), { tools, signal: noSignal });
	const altering = media.alter({ startS: 0, lengthS: 2, blurPx: 2 });
	media.close();
	await expect(altering).rejects.toMatchObject({ name: 'AbortError' });
	expect(await copiesInTemp()).toEqual(before);
});
