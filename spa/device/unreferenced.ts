/** The NAL header of the first slice in a packet; null if there is none. */
function firstSlice(packet: Uint8Array, lengthBytes: number | null, isSlice: (header: number) => boolean) {
	for (const at of lengthBytes === null ? afterStartCodes(packet) : afterLengths(packet, lengthBytes))
		if (isSlice(packet[at] as number)) return packet[at] as number;
	return null;
}

/** Offsets of the units after their length fields, as in MP4 and Matroska (ISO/IEC 14496-15). */
function* afterLengths(packet: Uint8Array, lengthBytes: number): Generator<number, void> {
	for (let at = 0; at + lengthBytes < packet.length; ) {
		let length = 0;
		for (let i = 0; i < lengthBytes; i++) length = length * 256 + (packet[at + i] as number);
		yield at + lengthBytes;
		at += lengthBytes + length;
	}
}

/** Offsets of the units after start codes (ITU-T H.264, annex B). */
function* afterStartCodes(packet: Uint8Array): Generator<number, void> {
	for (let at = 0; at + 3 < packet.length; at++)
		if (packet[at] === 0 && packet[at + 1] === 0 && packet[at + 2] === 1) yield at + 3;
}

/** What is needed to parse a stream's packets: its codec, and the description for its decoder. */
type Framing = {
	readonly codec: 'avc' | 'hevc' | string | null;
	readonly description: Uint8Array | null;
};

/** Whether a codec's packets show if other frames reference theirs. */
export const marksReferences = ({ codec }: Pick<Framing, 'codec'>): boolean => codec === 'avc' || codec === 'hevc';

/** Whether no other frame references the one in a packet: `nal_ref_idc` of H.264 (7.4.1), odd and even unit types of HEVC (table 7-1). */
export function isUnreferenced(packet: Uint8Array, { codec, description }: Framing): boolean {
	if (codec === 'avc') {
		const lengthBytes = description ? ((description[4] ?? 3) & 3) + 1 : null;
		const header = firstSlice(packet, lengthBytes, (byte) => (byte & 31) >= 1 && (byte & 31) <= 5);
		return header !== null && (header & 0x60) === 0;
	}
	if (codec === 'hevc') {
		const lengthBytes = description ? ((description[21] ?? 3) & 3) + 1 : null;
		const header = firstSlice(packet, lengthBytes, (byte) => ((byte >> 1) & 63) < 32);
		return header !== null && (header >> 1) % 2 === 0 && header >> 1 < 16;
	}
	return false;
}
