import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { FileAnswer } from '../tools/ask-service.ts';

/** A unique file, so that a result that belongs to another file is noticed. */
export type NumberedClip = {
	readonly fileName: string;
	readonly bytes: Buffer;
	readonly sha256: string;
	readonly plan: { readonly frames: number };
};

/** Clip `number`: an MP4 and a `free` box (ISO/IEC 14496-12, 8.1.2) with the number and `paddingBytes` after it; its plan differs as well. */
export async function numberedClip(mp4: string, number: number, paddingBytes = 0): Promise<NumberedClip> {
	const box = Buffer.alloc(16 + paddingBytes);
	box.writeUInt32BE(box.length, 0);
	box.write('free', 4, 'latin1');
	box.writeUInt32BE(number, 8);
	const bytes = Buffer.concat([await readFile(mp4), box]);
	const sha256 = createHash('sha256').update(bytes).digest('hex');
	return { fileName: `clip-${number}.mp4`, bytes, sha256, plan: { frames: 10 + (number % 4) } };
}

/** Checks that a report belongs to the clip; returns what is wrong, or null. */
export function mixUp({ fileName, sha256, plan }: NumberedClip, answer: FileAnswer): string | null {
	if (answer.kind !== 'report') return null;
	const { report } = answer;
	const isOwn = report.fileName === fileName && report.video.sha256 === sha256 && report.plan.frames === plan.frames;
	return isOwn ? null : `${fileName} got the report of ${report.fileName}`;
}
