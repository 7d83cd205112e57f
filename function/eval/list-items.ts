import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import type { Span } from '../contract/report.ts';
import { AnalysisError, usageError } from '../errors.ts';
import { parseCsv } from '../files/csv.ts';
import { createLeftOutList, type LeftOutList, mediaFiles, readErrorCode } from '../jobs/media-files.ts';
import { mediaKinds } from '../media/kinds.ts';

/** The ground truth of an item. */
type Label = 'real' | 'fake';

/** One labelled file. */
export type EvalItem = {
	/** As listed: relative to the folder or to the CSV file, with '/'. */
	readonly path: string;
	/** Path to read the file from. */
	readonly file: string;
	readonly label: Label;
	/** The clip or person the item comes from; the bootstrap draws the items of a group together. */
	readonly group: string;
	/** The set it belongs to: the folder above `real` or `fake`, or the CSV's column; '.' = the input itself. */
	readonly set: string;
	/** The manipulated parts of a video in chronological order, as listed in the CSV; empty for a genuine one, null = unknown. */
	readonly segments: readonly Span[] | null;
};

/** Labelled files in path order (a CSV keeps its own order), and files of a folder that were left out for lacking a label or a picture. */
export type ItemList = {
	readonly items: readonly EvalItem[];
	readonly unlabelled: LeftOutList;
	readonly notMedia: LeftOutList;
};

/** Extensions of still pictures; an animation is a clip of its own, like a video. */
const stillEndings = mediaKinds
	.filter(({ kind, name }) => kind === 'image' && name !== 'GIF')
	.flatMap((kind) => kind.endings);
const imageEnding = new RegExp(`\\.(${stillEndings.join('|')})$`, 'i');

/**
 * The labelled items of a folder (label = the nearest folder named `real` or `fake`, ignoring case) or of a CSV file (`path,label[,group][,set][,segments]`).
 * `groupPattern` has one capture group; matched against the item's path, it gives the group if no column does.
 * Throws file-not-found, file-unreadable, or usage with a sentence that names the problem and the line.
 */
export async function listItems(input: string, groupPattern?: RegExp): Promise<ItemList> {
	const info = await stat(input).catch((cause) => {
		throw new AnalysisError(readErrorCode(cause), 'arguments', input, { cause });
	});
	const list = info.isDirectory() ? await listFolder(input, groupPattern) : await listCsv(input, groupPattern);
	if (list.items.length > 0) return list;
	throw usageError(
		info.isDirectory()
			? `${input} has no videos or pictures in a folder named real or fake.`
			: `${input} lists no files.`,
	);
}

/** Parses a group pattern from the command line; throws usage unless it is a regular expression with exactly one capture group. */
export function parseGroupPattern(source: string): RegExp {
	const sentence = `--group-pattern takes a regular expression with one capture group, not '${source}'.`;
	try {
		const captures = (new RegExp(`${source}|`).exec('')?.length ?? 0) - 1;
		if (captures === 1) return new RegExp(source);
	} catch (cause) {
		throw usageError(sentence, { cause });
	}
	throw usageError(sentence);
}

/**
 * The clip a file comes from, by its path below `real` or `fake`. A video is a clip of its own. An image whose name is only digits is a frame
 * of its folder (but real and fake are not clips). Any other image belongs to the clip named by its file name without trailing `_` or `-` and digits.
 */
export function clipOf(path: string): string {
	if (!imageEnding.test(path)) return path;
	const stem = path.replace(imageEnding, '');
	const folder = dirname(stem);
	if (/^\d+$/.test(basename(stem))) return folder === '.' || labelOfFolder(basename(folder)) ? path : folder;
	return stem.replace(/(?<=[^/])[_-]+\d+$/, '');
}

async function listFolder(root: string, groupPattern?: RegExp): Promise<ItemList> {
	const items: EvalItem[] = [];
	const unlabelled = createLeftOutList();
	const notMedia = createLeftOutList();
	for await (const { path: file, leftOut } of mediaFiles(root)) {
		const path = relative(root, file).split(sep).join('/');
		if (leftOut !== null) notMedia.add({ path, reason: leftOut });
		else {
			const place = placeOf(path, basename(resolve(root)));
			if (!place) unlabelled.add({ path, reason: 'outside of real and fake' });
			else {
				const { label, set, below } = place;
				const group = groupPattern?.exec(path)?.[1] ?? `${set}/${clipOf(below)}`;
				items.push({ path, file, label, set, group, segments: label === 'real' ? [] : null });
			}
		}
	}
	return { items, unlabelled: unlabelled.list(), notMedia: notMedia.list() };
}

/** Splits a path into label, set and the rest at the nearest `real` or `fake`; if there is none, the input folder's own name gives the label. */
function placeOf(path: string, rootName: string): { label: Label; set: string; below: string } | null {
	const parts = path.split('/');
	const labels = parts.slice(0, -1).map((part) => labelOfFolder(part));
	const at = labels.findLastIndex((label) => label !== null);
	const label = labels[at] ?? labelOfFolder(rootName);
	return (
		label && { label, set: parts.slice(0, Math.max(0, at)).join('/') || '.', below: parts.slice(at + 1).join('/') }
	);
}

function labelOfFolder(name: string): Label | null {
	const lower = name.toLowerCase();
	return lower === 'real' || lower === 'fake' ? lower : null;
}

async function listCsv(file: string, groupPattern?: RegExp): Promise<ItemList> {
	const text = await readFile(file, 'utf8').catch((cause) => {
		throw new AnalysisError(readErrorCode(cause), 'arguments', file, { cause });
	});
	const refuse = (line: number, sentence: string) => usageError(`line ${line}: ${sentence}`);
	const [head, ...rows] = parseCsv(text);
	const columns = head?.fields.map((name) => name.trim().toLowerCase()) ?? [];
	if (!columns.includes('path') || !columns.includes('label'))
		throw refuse(1, 'the first line must name the columns path,label and may name group, set and segments.');

	const lineOf = new Map<string, number>();
	const items = rows.map(({ line, fields }): EvalItem => {
		const field = (name: string) => fields[columns.indexOf(name)]?.trim() ?? '';
		if (fields.length !== columns.length)
			throw refuse(line, `${fields.length} fields where the first line names ${columns.length}.`);
		const path = field('path');
		if (path === '') throw refuse(line, 'the path is empty.');
		const earlier = lineOf.get(path);
		if (earlier !== undefined) throw refuse(line, `${path} is listed twice, first on line ${earlier}.`);
		lineOf.set(path, line);
		const label = csvLabels[field('label').toLowerCase()];
		if (!label) throw refuse(line, `the label must be real, fake, 0 or 1 (1 = fake), not '${field('label')}'.`);
		const group = field('group') || groupPattern?.exec(path)?.[1] || clipOf(path);
		const listed = parseSegments(field('segments'));
		if (!listed)
			throw refuse(line, `segments are spans of seconds such as 55-60;70.5-75, in order, not '${field('segments')}'.`);
		if (label === 'real' && listed.length > 0) throw refuse(line, 'a real file has no manipulated segments.');
		const segments = label === 'fake' && listed.length === 0 ? null : listed;
		return { path, file: resolve(dirname(file), path), label, group, set: field('set') || '.', segments };
	});
	const none = createLeftOutList().list();
	return { items, unlabelled: none, notMedia: none };
}

/** Parses the spans of a CSV field, `55-60;70-75`, ordered and disjoint; an empty field gives no spans, anything else null. */
function parseSegments(field: string): Span[] | null {
	if (field === '') return [];
	const spans = field.split(';').map((part) => {
		const [, startS, endS] = /^\s*(\d+(?:\.\d+)?)\s*-\s*(\d+(?:\.\d+)?)\s*$/.exec(part) ?? [];
		return { startS: Number(startS), endS: Number(endS) };
	});
	const isInOrder = spans.every(({ startS, endS }, i) => startS < endS && startS >= (spans[i - 1]?.endS ?? 0));
	return isInOrder ? spans : null;
}

const csvLabels: Record<string, Label> = { real: 'real', fake: 'fake', '0': 'real', '1': 'fake' };
