import { EncodedPacketSink, type InputVideoTrack } from 'mediabunny';
import { type Clock, paceOf } from '../../function/media/plan-runs.ts';
import { type Run, roundingS, type ShownFrame, selectFrames } from '../../function/media/selection.ts';
import { leadOf, reorderDepthOf, timelineOf } from '../../function/media/timeline.ts';
import { isUnreferenced, marksReferences } from './unreferenced.ts';

/** A track and what its packets reveal: the frames in display order, and their clock. */
export type Walk = {
	readonly track: InputVideoTrack;
	readonly startS: number;
	readonly shown: readonly ShownFrame[];
	readonly clock: Clock;
};

/** Reads all packets of a track without their data; `startS` is where the file begins. */
export async function readWalk(track: InputVideoTrack, startS: number): Promise<Walk> {
	const packets = { times: [] as number[], durations: [] as number[], order: [], keyTimes: [] as number[], hidden: 0 };
	const shown: ShownFrame[] = [];
	for await (const packet of new EncodedPacketSink(track).packets(undefined, undefined, { metadataOnly: true })) {
		if (packet.timestamp < 0) continue; // hidden by an edit list
		packets.times.push(packet.timestamp);
		packets.durations.push(packet.duration);
		shown.push({ timeS: packet.timestamp - startS, isKey: packet.type === 'key' });
	}
	shown.sort((a, b) => a.timeS - b.timeS);
	const timeline = timelineOf(packets);
	const clock: Clock = {
		...paceOf(timeline, true, { durationS: null, fps: null }),
		timeline,
		leadS: leadOf(timeline, shown[0]?.timeS ?? 0),
		keyTimesS: shown.flatMap(({ timeS, isKey }) => (isKey ? [timeS] : [])),
		reorderDepth: reorderDepthOf(packets),
		canSkip: marksReferences({ codec: await track.getCodec() }),
	};
	return { track, startS, shown, clock };
}

/** Timestamps of the frames that the runs select, ascending; the runs of a first and a second pass may overlap. */
export async function stampsOf({ track, startS, shown }: Walk, runs: readonly Run[]): Promise<number[]> {
	const sink = new EncodedPacketSink(track);
	const { description } = (await track.getDecoderConfig()) ?? {};
	const framing = {
		codec: await track.getCodec(),
		description: description ? bytesOf(description) : null,
	};
	const stampOf = (at: number) => (shown[at] as ShownFrame).timeS + startS;
	const isLeftOut = async (at: number) => {
		const packet = await sink.getPacket(stampOf(at) + roundingS);
		return packet !== null && isUnreferenced(packet.data, framing);
	};
	const places = new Set<number>();
	for (const run of runs) for await (const { at } of selectFrames(shown, run, isLeftOut)) places.add(at);
	return [...places].sort((a, b) => a - b).map(stampOf);
}

const bytesOf = (data: ArrayBufferLike | ArrayBufferView) =>
	ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);
