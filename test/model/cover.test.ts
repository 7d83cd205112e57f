import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../../function/config.ts';
import { readManifest, readModel } from '../../function/model/manifest.ts';
import { findModel } from '../../function/model/manifest-schema.ts';
import { createCoverReader } from '../../function/model/operators.ts';
import { type Runtime, startRuntime } from '../../function/model/session.ts';
import type { ReadCover } from '../../function/vision/cover-watch.ts';

const side = 160;
let runtime: Runtime;
let read: ReadCover;
beforeAll(async () => {
	const folder = join(packageRoot(), 'models');
	const manifest = await readManifest(folder);
	const entry = findModel(manifest, 'cover');
	runtime = startRuntime();
	const session = await runtime.open(entry.id, (await readModel(folder, entry)).graph, {
		provider: 'cpu',
		threads: 1,
		traced: false,
	});
	read = createCoverReader(session, side);
});
afterAll(() => runtime.close());

/** A portrait, cropped as by the crop operator. */
function portrait(name: string): Sharp {
	return sharp(join(packageRoot(), 'test/fixtures/portraits', `${name}.jpg`))
		.extract({ left: 70, top: 50, width: 280, height: 280 })
		.resize(side, side);
}

/** A picture as model input. */
async function valuesOf(picture: Sharp): Promise<Float32Array> {
	const data = await picture.removeAlpha().raw().toBuffer();
	return Float32Array.from({ length: 3 * side * side }, (_, i) => {
		const [channel, at] = [Math.floor(i / (side * side)), i % (side * side)];
		return (data[3 * at + channel] ?? 0) / 255;
	});
}

/** A portrait, optionally with a mask over its lower half. */
async function crop(name: string, change: 'none' | 'mask' = 'none'): Promise<Float32Array> {
	if (change === 'none') return valuesOf(portrait(name));
	const mask = Buffer.from(
		`<svg width="${side}" height="${side}"><path d="M28 84 L80 74 L132 84 L126 130 L100 152 L60 152 L34 130 Z" fill="#9fc4d8"/><path d="M34 100 L126 100 M36 115 L124 115" stroke="#86abc0" stroke-width="2"/></svg>`,
	);
	const masked = await portrait(name)
		.composite([{ input: mask }])
		.png()
		.toBuffer();
	return valuesOf(sharp(masked));
}

/** A portrait with darker skin, in dim light and out of focus. */
async function dimmed(name: string): Promise<Float32Array> {
	const dark = await portrait(name).linear([0.15, 0.105, 0.075], [3, 3, 3]).png().toBuffer();
	const soft = await sharp(dark).blur(2).png().toBuffer();
	return valuesOf(sharp(soft));
}

test('a genuine and a manipulated face are neither covered nor drawn', async () => {
	for (const { covered, drawn } of await read([
		await crop('a'),
		await crop('a-blended'),
		await crop('b'),
		await crop('c'),
	])) {
		expect(covered).toBeLessThan(0.5);
		expect(drawn).toBeLessThan(0.5);
	}
	expect(await read([])).toEqual([]);
});

test('a face behind a mask is covered', async () => {
	const answers = await read([await crop('a', 'mask'), await crop('b', 'mask'), await crop('c', 'mask')]);
	expect(answers.filter(({ covered }) => covered > 0.5).length).toBeGreaterThanOrEqual(2);
});

test('a dim, soft face with dark skin is neither drawn nor covered', async () => {
	const answers = await read(await Promise.all(['a', 'b', 'c'].map((name) => dimmed(name))));
	for (const { covered, drawn } of answers) {
		expect(drawn).toBeLessThan(0.5);
		expect(covered).toBeLessThan(0.5);
	}
});
