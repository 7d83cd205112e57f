import { open } from 'node:fs/promises';
import { readerOf } from './read-at.ts';

/** Most segments before the frame header that are skipped. */
const maxParts = 2000;
const cmykComponents = 4;

/** Whether a JPEG has the colours of print (ITU-T T.81, B.2.2), which ffmpeg converts without their profile. */
export async function isCmykJpeg(path: string): Promise<boolean> {
	await using file = await open(path, 'r');
	const read = readerOf(file);
	for (let at = 2, part = 0; part < maxParts; part++) {
		const head = await read(at, 10);
		const marker = head[1] ?? 0;
		if (head.length < 10 || head[0] !== 0xff || marker === 0xda) return false;
		const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
		if (isFrame) return head[9] === cmykComponents;
		at += 2 + head.readUInt16BE(2);
	}
	return false;
}
