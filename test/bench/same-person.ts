import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { packageRoot } from '../../function/config.ts';
import { encodeMoment } from '../../function/evidence/encode-crop.ts';
import { rgbFromPlanes } from '../../function/evidence/rgb-from-planes.ts';
import { readModelLists } from '../../function/model/classifiers.ts';
import { openModels } from '../../function/model/open-models.ts';
import type { Frame } from '../../function/values.ts';
import { squareBox } from '../../function/vision/geometry.ts';
import { differentFrom, faceInCrop, matchPeople, sameUpTo } from '../../function/vision/same-person.ts';

/**
 * `npm run same-person -- FOLDER FOLDER [--person REGEX]`: prints how far apart the key faces of one person are in two files, and those of two people.
 * The first group of REGEX in a picture's name is the person; the pictures of a person in a folder count as one file. Each face is cropped and encoded
 * as in the report, decoded again, and described.
 */
const { positionals, values } = parseArgs({
	allowPositionals: true,
	options: { person: { type: 'string', default: '^ffpp_(?:f2f_)?(\\d+)_' } },
});
const folders = positionals.slice(0, 2);
if (folders.length < 2) throw new Error('npm run same-person -- FOLDER FOLDER');

const models = join(packageRoot(), 'models');
const host = await openModels({
	lists: await readModelLists(models, join(models, 'none')),
	choice: { model: null, tier: null },
	provider: 'cpu',
	threads: 1,
});
const { detect, crop, identify } = host.chosen;
const margin = 1.3;

async function frameOf(input: string | Buffer): Promise<Frame> {
	const picture = sharp(input).removeAlpha().toColourspace('srgb');
	const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
	return { index: 0, timeS: 0, width: info.width, height: info.height, rgb: data };
}

/** The descriptor of the face that fills a picture, computed from a key picture; null if there is none. */
async function describe(path: string): Promise<Float32Array | null> {
	const frame = await frameOf(path);
	const [face] = await detect(frame, { side: 512, margin: 1, minScore: 0.5 });
	if (!face) return null;
	const square = squareBox(face.box, margin);
	const [pixels] = await crop(frame, [square]);
	const jpeg = await encodeMoment(rgbFromPlanes(pixels as Float32Array, crop.size), crop.size);
	return identify(await frameOf(Buffer.from(jpeg, 'base64')), faceInCrop(face.box, square, crop.size));
}

async function peopleOf(folder: string): Promise<Map<string, Float32Array[]>> {
	const people = new Map<string, Float32Array[]>();
	for (const name of readdirSync(folder).sort()) {
		const person = new RegExp(values.person).exec(name)?.[1];
		const found = person === undefined ? null : await describe(join(folder, name));
		if (person !== undefined && found) people.set(person, [...(people.get(person) ?? []), found]);
	}
	return people;
}

const [first, second] = [await peopleOf(folders[0] as string), await peopleOf(folders[1] as string)];
await host.close();
const same: number[] = [];
const others: number[] = [];
for (const [person, faces] of first)
	for (const [other, otherFaces] of second)
		(person === other ? same : others).push(matchPeople(faces, otherFaces).distance);

const at = (sorted: readonly number[], share: number) =>
	(sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN).toFixed(3);
const share = (part: readonly number[], holds: (distance: number) => boolean) => {
	const count = part.filter(holds).length;
	return `${count} of ${part.length} (${((100 * count) / part.length).toFixed(1)} %)`;
};
const shares = [0, 0.01, 0.05, 0.5, 0.95, 0.99, 1];
for (const [name, distances] of [
	['one person in two files', same],
	['two people', others],
] as const) {
	const sorted = distances.toSorted((a, b) => a - b);
	console.log(`${name}: ${sorted.length} pairs; ${shares.map((s) => `${100 * s} %: ${at(sorted, s)}`).join(', ')}`);
	console.log(`  up to ${sameUpTo}: ${share(sorted, (distance) => distance <= sameUpTo)}`);
	console.log(`  from ${differentFrom}: ${share(sorted, (distance) => distance >= differentFrom)}`);
}
console.log(`folders: ${folders.map((folder) => basename(folder)).join(', ')}`);
