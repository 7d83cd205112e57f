import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp, { type Sharp } from 'sharp';
import { packageRoot } from '../../function/config.ts';
import type { Box } from '../../function/contract/report.ts';
import { rateOf } from '../../function/eval/metrics.ts';
import { readModelLists } from '../../function/model/classifiers.ts';
import { openModels } from '../../function/model/open-models.ts';
import { seededRandom } from '../../function/statistics.ts';
import type { Face, Frame } from '../../function/values.ts';
import { type Detect, detectFaces } from '../../function/vision/detect-faces.ts';
import { iou } from '../../function/vision/geometry.ts';

/**
 * `npm run faces -- FACES BACKGROUNDS [--faces 24] [--sizes 48,64]`: prints how many faces are found, by their size. A scene is a background of
 * 1920 x 1080 px with the head of a portrait in the given size, as JPEG. A face counts as found if a box overlaps its place by .3 or more. The program
 * is compared with the detector alone, at 256 and 512 px with the same rules. At the end come the boxes found in the plain backgrounds.
 */
const { positionals, values } = parseArgs({
	allowPositionals: true,
	options: { faces: { type: 'string', default: '24' }, sizes: { type: 'string' } },
});
const [faces, backgrounds] = positionals;
if (!faces || !backgrounds) throw new Error('npm run faces -- FACES BACKGROUNDS');
const sizes = values.sizes?.split(',').map(Number) ?? [32, 40, 48, 56, 64, 80, 110, 130, 200, 400];
const [width, height] = [1920, 1080];

const folder = join(packageRoot(), 'models');
const models = await openModels({
	lists: await readModelLists(folder, join(folder, 'none')),
	choice: { model: null, tier: null },
	provider: 'cpu',
	threads: 1,
});
const { detect } = models.chosen;

/** The faces that the program finds in a single picture. */
async function find(frame: Frame, by: Detect): Promise<readonly Face[]> {
	for await (const { faces: found } of detectFaces(
		(async function* () {
			yield frame;
		})(),
		by,
	))
		return found ?? [];
	return [];
}

/** The detector at 512 px instead of the finder, and with a border instead of its last pass, as before the finder existed. */
const alone: Detect = (frame, pass) => {
	if (!('finder' in pass)) return detect(frame, pass);
	if (pass.finder === 320) return Promise.resolve([]); // there was no such pass
	const margin = pass.finder < 256 ? 1 : 0;
	return detect(frame, { side: 512, margin, minScore: pass.minScore });
};
const ways = { 'detector alone': alone, 'with the finder': detect };

async function frameOf(picture: Sharp): Promise<Frame> {
	const { data, info } = await picture.removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
	return { index: 0, timeS: 0, width: info.width, height: info.height, rgb: data };
}

type Head = { readonly png: Buffer; readonly width: number; readonly height: number; readonly box: Box };

/** The head of a portrait, 1.7 times its box, where both networks agree that there is a face. */
async function headOf(path: string): Promise<Head | null> {
	const frame = await frameOf(sharp(path).resize(640, 640, { fit: 'inside', withoutEnlargement: true }));
	const [found] = await detect(frame, { side: 256, margin: 0, minScore: 0.9 });
	const [other] = await detect(frame, { finder: 320, minScore: 0.8 });
	if (!found || !other || iou(found.box, other.box) < 0.5 || found.box.height < 70) return null;
	const half = 0.85 * Math.max(found.box.width, found.box.height);
	const left = Math.max(0, Math.round(found.box.x + found.box.width / 2 - half));
	const top = Math.max(0, Math.round(found.box.y + found.box.height / 2 - half));
	const part = {
		left,
		top,
		width: Math.min(frame.width - left, Math.round(2 * half)),
		height: Math.min(frame.height - top, Math.round(2 * half)),
	};
	const raw = { width: frame.width, height: frame.height, channels: 3 } as const;
	const png = await sharp(frame.rgb, { raw }).extract(part).png().toBuffer();
	return {
		png,
		width: part.width,
		height: part.height,
		box: { ...found.box, x: found.box.x - left, y: found.box.y - top },
	};
}

async function sceneOf(head: Head, background: string, size: number, random: () => number) {
	const scale = size / Math.max(head.box.width, head.box.height);
	const [w, h] = [Math.round(head.width * scale), Math.min(height, Math.round(head.height * scale))];
	const [left, top] = [Math.floor(random() * (width - w)), Math.floor(random() * (height - h))];
	const input = await sharp(head.png).resize(w, h, { fit: 'fill' }).toBuffer();
	const jpeg = await sharp(background)
		.removeAlpha()
		.resize(width, height, { fit: 'fill' })
		.composite([{ input, left, top }])
		.jpeg({ quality: 90 })
		.toBuffer();
	const { x, y, width: boxWidth, height: boxHeight } = head.box;
	const box = { x: left + x * scale, y: top + y * scale, width: boxWidth * scale, height: boxHeight * scale };
	return { frame: await frameOf(sharp(jpeg)), box };
}

const percent = (count: number, n: number) => {
	const { rate, interval } = rateOf(count, n);
	const digits = (value: number | undefined) => (100 * (value ?? 0)).toFixed(1);
	return `${count} of ${n}, ${digits(rate ?? 0)} % [${digits(interval?.[0])}, ${digits(interval?.[1])}]`;
};

const random = seededRandom(7);
const heads: Head[] = [];
const portraits = readdirSync(faces).map((name) => join(faces, name));
for (let at = 0; at < portraits.length && heads.length < Number(values.faces); at += 13) {
	const head = await headOf(portraits[at] as string);
	if (head) heads.push(head);
}
const places = readdirSync(backgrounds).map((name) => join(backgrounds, name));
for (const size of sizes) {
	const found = new Map<string, number>();
	for (const [i, head] of heads.entries()) {
		const { frame, box } = await sceneOf(head, places[(7 * i + size) % places.length] as string, size, random);
		for (const [name, by] of Object.entries(ways)) {
			const isFound = (await find(frame, by)).some((face) => iou(face.box, box) >= 0.3);
			found.set(name, (found.get(name) ?? 0) + Number(isFound));
		}
	}
	console.log(
		`${size} px: ${Object.keys(ways)
			.map((name) => `${name} ${percent(found.get(name) ?? 0, heads.length)}`)
			.join('; ')}`,
	);
}
for (const [name, by] of Object.entries(ways)) {
	let boxes = 0;
	for (const place of places) boxes += (await find(await frameOf(sharp(place)), by)).length;
	console.log(
		`${name}: ${boxes} boxes in ${places.length} backgrounds, ${((1000 * boxes) / places.length).toFixed(0)} per 1,000`,
	);
}
await models.close();
