import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { csvLine } from '../../function/files/csv.ts';

/**
 * `npm run partial -- OUT --pair GENUINE MANIPULATED [--pair ...] [--lengths 1,2,5,10,30] [--positions 6] [--total 60]`: makes clips of a minute in
 * which one part is manipulated, from pairs of genuine and manipulated videos of the same footage, which are repeated to fill the minute. It also
 * writes the whole of either, and OUT/list.csv for `unmask eval`. All are encoded in the same way, so that only the face distinguishes the parts.
 */
const { positionals, values } = parseArgs({
	allowPositionals: true,
	options: {
		pair: { type: 'boolean', multiple: true },
		lengths: { type: 'string', default: '1,2,5,10,30' },
		positions: { type: 'string', default: '6' },
		total: { type: 'string', default: '60' },
	},
});
const [out, ...videos] = positionals;
const lengths = values.lengths.split(',').map(Number);
const [positions, total] = [Number(values.positions), Number(values.total)];
const isGood = lengths.every((length) => length > 0 && length <= total) && positions >= 1;
if (!out || videos.length === 0 || videos.length % 2 > 0 || !isGood)
	throw new Error(
		'npm run partial -- OUT --pair GENUINE MANIPULATED [--pair ...] [--lengths S,...] [--positions N] [--total S]',
	);

/** Frames per second, and the seconds from one key frame to the next. */
const [fps, keyS] = [25, 0.2];
const folder = out;
mkdirSync(folder, { recursive: true });
const rows = ['path,label,group,set,segments'];
for (let i = 0; i < videos.length; i += 2) {
	const [genuine = '', manipulated = ''] = videos.slice(i);
	const name = basename(manipulated).replace(/\.\w+$/, '');
	const size = sizeOf(genuine);
	const [real, whole] = [`${name}-real.mp4`, `${name}-whole.mp4`];
	repeat(genuine, size, real);
	repeat(manipulated, size, whole);
	rows.push(csvLine([real, 'real', name, null, null]), csvLine([whole, 'fake', name, null, null]));
	for (const length of lengths) {
		for (let at = 0; at < positions; at++) {
			const startS = Math.round((placeOf(at) * (total - length)) / keyS) * keyS;
			const [from, to] = [startS.toFixed(2), (startS + length).toFixed(2)];
			const file = `${name}-${length}s-${at + 1}.mp4`;
			replacePart(real, whole, [from, to], file);
			rows.push(csvLine([file, 'fake', name, null, `${from}-${to}`]));
		}
	}
}
writeFileSync(join(folder, 'list.csv'), `${rows.join('\n')}\n`);
console.log(`${rows.length - 1} clips in ${folder}; next: unmask eval ${join(folder, 'list.csv')}`);

/** Positions 0..1 that are spread evenly whatever their number (golden ratio), so that no regular sampling hits all of them in the same way. */
function placeOf(i: number): number {
	return ((i + 0.5) * 0.6180339887498949) % 1;
}

function sizeOf(video: string): string {
	const entries = ['-show_entries', 'stream=width,height', '-of', 'csv=p=0:s=x'];
	return execFileSync('ffprobe', ['-v', 'error', '-select_streams', 'v:0', ...entries, video])
		.toString()
		.trim();
}

/** Repeats the video from its start, with a key frame at every position where it may be cut. */
function repeat(video: string, size: string, file: string): void {
	const filter = ['-an', '-vf', `fps=${fps},scale=${size.replace('x', ':')},format=yuv420p`];
	const coded = [
		'-c:v',
		'libx264',
		'-preset',
		'ultrafast',
		'-crf',
		'18',
		'-g',
		String(fps * keyS),
		'-sc_threshold',
		'0',
	];
	ffmpeg(['-stream_loop', '-1', '-i', video, '-t', String(total), ...filter, ...coded], file);
}

/** Replaces a part of one video by the same part of another, without re-encoding. */
function replacePart(real: string, whole: string, [from, to]: readonly [string, string], file: string): void {
	const parts = [
		...(Number(from) > 0 ? [`file ${real}\noutpoint ${from}`] : []),
		`file ${whole}\ninpoint ${from}\noutpoint ${to}`,
		...(Number(to) < total ? [`file ${real}\ninpoint ${to}`] : []),
	];
	const list = join(folder, `${file}.txt`);
	writeFileSync(list, `${parts.join('\n')}\n`);
	ffmpeg(['-f', 'concat', '-i', list, '-c', 'copy'], file);
	rmSync(list);
}

function ffmpeg(args: readonly string[], file: string): void {
	execFileSync('ffmpeg', ['-v', 'error', '-y', ...args, join(folder, file)], {
		stdio: ['ignore', 'inherit', 'inherit'],
	});
}
