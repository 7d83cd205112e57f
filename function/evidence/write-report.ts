import * as nodeFiles from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { scaleOf } from '../answer/heat-scale.ts';
import type { Language } from '../answer/languages.ts';
import type { Moment, Report } from '../contract/report.ts';
import { AnalysisError } from '../errors.ts';
import { drawHeatMap } from './draw-heat-map.ts';
import { loadReportPage, type RenderReport } from './report-page.ts';

/** The part of node:fs/promises that writes a report; a test can replace it, for example with a full disk. */
export type ReportFiles = Pick<
	typeof nodeFiles,
	'mkdir' | 'mkdtemp' | 'readdir' | 'readFile' | 'rename' | 'rm' | 'rmdir' | 'stat' | 'writeFile'
>;

/** Contents of a report's folder. */
const [jsonName, htmlName, facesName] = ['report.json', 'report.html', 'faces'];

/** File names of pictures; a `faces` folder with any other file was not written by this program. */
const faceFile = /^track-\d+-\d{4,}\.\d\ds(-f\d+)?(-heat)?\.jpg$/;

/**
 * Writes `report.json`, `report.html` and `faces/` (crops and heat maps) into `folder`, creates it if it is missing, and replaces
 * nothing but an earlier report of this program. All or nothing: after a failure (AnalysisError `write-failed`) the folder is unchanged.
 */
export async function writeReport(
	folder: string,
	report: Report,
	{ language = 'en', files = nodeFiles }: { language?: Language; files?: ReportFiles } = {},
): Promise<void> {
	const target = resolve(folder);
	let made: string | undefined;
	let staging: string | undefined;
	try {
		const [overlays, render] = await Promise.all([drawOverlays(report), loadReportPage()]);
		const page = renderPage(render, report, language, overlays);
		made = await makeFolders(target, files);
		await refuseForeignFiles(target, files);
		staging = await files.mkdtemp(join(target, '.unmask-'));
		await stage(staging, report, { overlays, page }, files);
		await swapIn(staging, target, files);
	} catch (thrown) {
		if (staging) await files.rm(staging, { recursive: true, force: true }).catch(() => {});
		if (made) await removeEmptyFolders(target, made, files);
		if (thrown instanceof AnalysisError) throw thrown;
		const detail = thrown instanceof Error ? thrown.message : String(thrown);
		throw new AnalysisError('write-failed', 'write', detail, { cause: thrown });
	}
	await files.rm(staging, { recursive: true, force: true }).catch(() => {}); // contains the earlier report; the new one is already in place
}

/** Draws the heat map of every moment that has one over its crop, as JPEG. */
export async function drawOverlays(report: Report): Promise<Map<Moment, Buffer>> {
	const scale = scaleOf(report);
	const overlays = new Map<Moment, Buffer>();
	for (const moment of report.tracks.flatMap((track) => track.moments)) {
		if (!moment.heatMap) continue;
		const crop = Buffer.from(moment.cropJpegBase64, 'base64');
		overlays.set(moment, await drawHeatMap(crop, moment.heatMap, scale));
	}
	return overlays;
}

/** Renders the HTML page of a report. */
export function renderPage(
	render: RenderReport,
	report: Report,
	language: Language,
	overlays: ReadonlyMap<Moment, Buffer>,
): string {
	const addresses = [...overlays].map(
		([moment, jpeg]) => [moment, `data:image/jpeg;base64,${jpeg.toString('base64')}`] as const,
	);
	return render(report, language, new Map(addresses));
}

async function stage(
	folder: string,
	report: Report,
	{ overlays, page }: { overlays: ReadonlyMap<Moment, Buffer>; page: string },
	files: ReportFiles,
): Promise<void> {
	await files.writeFile(join(folder, jsonName), `${JSON.stringify(report, null, '\t')}\n`);
	await files.writeFile(join(folder, htmlName), page);
	await files.mkdir(join(folder, facesName));
	for (const [name, bytes] of facePictures(report, overlays))
		await files.writeFile(join(folder, facesName, `${name}.jpg`), bytes);
}

/** JPEGs by name, `track-1-0012.40s` and `track-1-0012.40s-heat`; a second frame in the same hundredth of a second gets its frame number appended. */
function facePictures(report: Report, overlays: ReadonlyMap<Moment, Buffer>): Map<string, Buffer> {
	const pictures = new Map<string, Buffer>();
	for (const { trackId, moments } of report.tracks)
		for (const moment of moments) {
			const plain = `track-${trackId}-${Math.max(0, moment.timeS).toFixed(2).padStart(7, '0')}s`;
			const name = pictures.has(plain) ? `${plain}-f${moment.frameIndex}` : plain;
			pictures.set(name, Buffer.from(moment.cropJpegBase64, 'base64'));
			const overlay = overlays.get(moment);
			if (overlay) pictures.set(`${name}-heat`, overlay);
		}
	return pictures;
}

/** The file names of a report's crops, in the order of the report. */
export const cropFileNames = (report: Report): string[] => [
	...[...facePictures(report, new Map()).keys()].map((name) => `${facesName}/${name}.jpg`),
];

/** Throws if the folder contains files of the same names that no earlier report wrote. */
async function refuseForeignFiles(folder: string, files: ReportFiles): Promise<void> {
	const present = new Set(await files.readdir(folder));
	const ours = [jsonName, htmlName, facesName].filter((name) => present.has(name));
	if (ours.length === 0) return;
	const text = present.has(jsonName) ? await files.readFile(join(folder, jsonName), 'utf8').catch(() => '') : '';
	if (!isReportText(text)) throw foreign(ours.join(', '));
	if (!present.has(facesName)) return;
	const others = (await files.readdir(join(folder, facesName))).filter((name) => !faceFile.test(name));
	if (others.length > 0) throw foreign(`${facesName}/${others[0]}`);
}

function foreign(names: string): AnalysisError {
	return new AnalysisError('write-failed', 'write', `the folder contains ${names}, which this program did not write`);
}

function isReportText(text: string): boolean {
	try {
		return JSON.parse(text)?.schema === 'unmask-report/1';
	} catch {
		return false;
	}
}

/** Moves the staged files into place and the earlier ones into `staging`; on failure moves everything back. */
async function swapIn(staging: string, folder: string, files: ReportFiles): Promise<void> {
	const undo: (() => Promise<void>)[] = [];
	const move = async (from: string, to: string) => {
		await files.rename(from, to);
		undo.push(() => files.rename(to, from));
	};
	try {
		for (const name of [facesName, htmlName, jsonName]) {
			const place = join(folder, name);
			await move(place, join(staging, `earlier-${name}`)).catch(ignoreMissing);
			await move(join(staging, name), place);
		}
	} catch (thrown) {
		for (const back of undo.reverse()) await back().catch(() => {});
		throw thrown;
	}
}

function ignoreMissing(thrown: NodeJS.ErrnoException): void {
	if (thrown.code !== 'ENOENT') throw thrown;
}

/**
 * Creates the folder and its missing parents and returns the topmost new one. Does not use mkdir's `recursive`, which in Node 20
 * never returns if the parent exists but accepts no folders (/proc).
 */
async function makeFolders(folder: string, files: ReportFiles): Promise<string | undefined> {
	const missing: string[] = [];
	for (let at = folder; !(await exists(at, files)) && at !== dirname(at); at = dirname(at)) missing.unshift(at);
	for (const at of missing) await files.mkdir(at);
	return missing[0];
}

async function exists(path: string, files: ReportFiles): Promise<boolean> {
	return files.stat(path).then(
		() => true,
		(thrown: NodeJS.ErrnoException) => {
			if (thrown.code === 'ENOENT') return false;
			throw thrown;
		},
	);
}

/** Removes `folder` and its parents up to `topmost`, as long as they are empty. */
async function removeEmptyFolders(folder: string, topmost: string, files: ReportFiles): Promise<void> {
	for (let at = folder; at.length >= topmost.length; at = dirname(at)) {
		try {
			await files.rmdir(at);
		} catch {
			return;
		}
	}
}
