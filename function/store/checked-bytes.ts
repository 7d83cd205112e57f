import { AnalysisError } from '../errors.ts';
import { headBytes, refuseNonVideo } from './refuse-non-video.ts';

/** Passes the bytes through; throws `file-too-large` beyond `maxBytes`, `file-empty`, and the refusals of `refuseNonVideo`. */
export async function* checkedBytes(bytes: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Buffer, void> {
	let sizeBytes = 0;
	let head = Buffer.alloc(0);
	for await (const chunk of bytes) {
		sizeBytes += chunk.length;
		if (sizeBytes > maxBytes) throw new AnalysisError('file-too-large', 'upload', `the limit is ${maxBytes} bytes`);
		if (head.length < headBytes) {
			head = Buffer.concat([head, chunk.subarray(0, headBytes - head.length)]);
			if (head.length === headBytes) refuseNonVideo(head);
		}
		yield chunk;
	}
	if (sizeBytes === 0) throw new AnalysisError('file-empty', 'upload');
	if (head.length < headBytes) refuseNonVideo(head);
}
