import { faultOfEnd, startProcess } from '../process/run-process.ts';
import { inputArgs } from './ffmpeg-input.ts';
import type { Source } from './source.ts';

/** What the packets of a video stream tell without decoding: their number, where the last ends, and the key frames' times, seconds. */
export type PacketList = { readonly count: number; readonly endS: number; readonly keyTimesS: readonly number[] };

/** More key frames than this are not kept: ten hours of one a second. */
const maxKeys = 36_000;

/**
 * Reads a stream's packets (no decoding). With `keysOnly` the demuxer skips the rest where it can (mp4 does not even read
 * them), and `count` and `endS` tell about key frames alone.
 */
export async function listPackets(
	{ path, demuxer, tools, signal }: Source,
	stream: { readonly index: number },
	keysOnly: boolean,
): Promise<PacketList> {
	const discard = keysOnly ? ['-discard:v', 'nokey'] : [];
	const args = ['-hide_banner', '-v', 'error', '-nostdin', ...inputArgs(path, demuxer, discard)];
	args.push('-map', `0:${stream.index}`, '-c', 'copy', '-f', 'framecrc', '-');
	const running = startProcess(tools.ffmpeg, args, { signal });
	const list = { count: 0, endS: 0, keyTimesS: [] as number[] };
	let secondsATick = 0;
	for await (const line of linesOf(running.stdout)) {
		const timeBase = /^#tb 0: (\d+)\/(\d+)/.exec(line);
		if (timeBase) secondsATick = Number(timeBase[1]) / Number(timeBase[2]);
		if (line.startsWith('#')) continue;
		// stream, dts, pts, duration, size, checksum [, F=flags unless it is a plain key frame]
		const [, dts = '', pts = '', duration = ''] = line.split(',');
		const isKey = !line.includes('F=0x');
		const startS = (Number(pts) < -1e15 ? Number(dts) : Number(pts)) * secondsATick;
		list.count++;
		list.endS = Math.max(list.endS, startS + Number(duration) * secondsATick);
		if (isKey && list.keyTimesS.length < maxKeys) list.keyTimesS.push(startS);
	}
	const death = faultOfEnd('ffmpeg', 'probe', await running.ended);
	signal.throwIfAborted();
	if (death) throw death;
	list.keyTimesS.sort((a, b) => a - b);
	return list;
}

async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
	let rest = '';
	for await (const chunk of chunks) {
		const lines = (rest + Buffer.from(chunk).toString('latin1')).split('\n');
		rest = lines.pop() ?? '';
		yield* lines;
	}
	if (rest) yield rest;
}
