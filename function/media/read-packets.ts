import { faultOfEnd, startProcess } from '../process/run-process.ts';
import { inputArgs } from './ffmpeg-input.ts';
import type { Source } from './source.ts';

/** The packets of one video stream, read without decoding, in file order; times in seconds as stored. */
export type StreamPackets = {
	/** Presentation time of each displayed packet; the decoding time if it has none, NaN if it has neither. */
	readonly times: number[];
	/** Decoding time of the same packets; NaN if missing. */
	readonly order: number[];
	/** Display time of each packet; NaN if missing. */
	readonly durations: number[];
	readonly keyTimes: number[];
	/** Packets that the container hides, for example with an edit list. */
	hidden: number;
};

/** The packets of every video stream by the stream's index. */
export type Packets = {
	readonly streams: ReadonlyMap<number, StreamPackets>;
	/** False if reading was stopped early, so that packets may be missing. */
	readonly isComplete: boolean;
	/** Position of the last displayed packet in the file; 0 if unknown. */
	readonly endAt: number;
};

/** Most packets that are read: ten hours at 60 frames per second. */
const maxPackets = 2_160_000;
/** Reading stops after this time, for example on a slow disk; the header is used then. */
const maxMs = 60_000;

/** Reads the packets of all video streams without decoding them. */
export async function readPackets(source: Source): Promise<Packets> {
	const { tools, signal } = source;
	const entries = [
		'-select_streams',
		'v',
		'-show_entries',
		'packet=stream_index,pts_time,dts_time,duration_time,pos,flags',
	];
	const args = ['-hide_banner', '-v', 'error', '-of', 'csv=p=0', ...entries, ...inputArgs(source)];
	const running = startProcess(tools.ffprobe, args, { signal });
	const streams = new Map<number, StreamPackets>();
	const deadline = performance.now() + maxMs;
	let count = 0;
	let endAt = 0;
	let isComplete = true;
	for await (const lines of linesOf(running.stdout)) {
		for (const line of lines) {
			const at = addPacket(streams, line);
			if (at === null) continue;
			count++;
			if (at > endAt) endAt = at; // false if it has no position
		}
		if (count < maxPackets && performance.now() < deadline) continue;
		isComplete = false;
		break;
	}
	const end = await running.ended;
	signal.throwIfAborted();
	const crash = isComplete ? faultOfEnd('ffprobe', 'probe', end) : null;
	if (crash) throw crash;
	return { streams, isComplete, endAt };
}

/** A line is `stream,pts,dts,duration,pos,flags`; lines and fields of side data are ignored. Returns the position; NaN if unknown, null if the line is no packet. */
function addPacket(streams: Map<number, StreamPackets>, line: string): number | null {
	const [index = '', pts = '', dts = '', duration = '', pos = '', flags = ''] = line.split(',');
	if (!/^\d+$/.test(index) || flags === '') return null;
	let stream = streams.get(Number(index));
	if (!stream) {
		stream = { times: [], order: [], durations: [], keyTimes: [], hidden: 0 };
		streams.set(Number(index), stream);
	}
	if (flags.includes('D')) {
		stream.hidden++;
		return 0;
	}
	const order = Number.parseFloat(dts); // `N/A` becomes NaN
	const time = Number.parseFloat(pts);
	const shown = Number.isNaN(time) ? order : time;
	stream.times.push(shown);
	stream.order.push(order);
	stream.durations.push(Number.parseFloat(duration));
	if (flags.startsWith('K')) stream.keyTimes.push(shown);
	return Number(pos);
}

async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
	let rest = '';
	for await (const chunk of chunks) {
		const lines = (rest + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1')).split('\n');
		rest = lines.pop() ?? '';
		yield lines;
	}
	if (rest) yield [rest];
}
