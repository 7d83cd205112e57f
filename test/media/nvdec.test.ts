import { expect, it } from 'vitest';
import { checkNvdec } from '../../function/media/check-nvdec.ts';
import { frameFilters } from '../../function/media/filters.ts';
import { openMedia } from '../../function/media/open-media.ts';
import { startProcess } from '../../function/process/run-process.ts';
import { clip } from '../fixtures/make-clips.ts';
import { tools } from './open-clip.ts';

const { signal } = new AbortController();

/** All bytes that ffmpeg outputs for a clip through a filter chain. */
async function through(path: string, filters: string): Promise<Buffer> {
	const args = [
		'-v',
		'error',
		'-noautorotate',
		'-i',
		path,
		'-vf',
		filters,
		'-f',
		'rawvideo',
		'-pix_fmt',
		'rgb24',
		'pipe:1',
	];
	const chunks: Uint8Array[] = [];
	for await (const chunk of startProcess(tools.ffmpeg, args).stdout) chunks.push(chunk);
	return Buffer.concat(chunks);
}

it('converts GPU frames with interleaved chroma planes to bit-identical RGB', async () => {
	for (const name of ['plain.mp4', 'bt709.mp4', 'bt601.mp4'] as const) {
		const path = await clip(name);
		const { stream } = await openMedia(path, { tools, signal });
		const all = { rateHz: null, shownS: 0, afterS: 0 };
		const plain = await through(path, frameFilters(stream, all));
		const interleaved = await through(path, `format=nv12,${frameFilters(stream, all, { fromGpu: true })}`);
		expect(plain.length).toBeGreaterThan(0);
		expect(interleaved.equals(plain), name).toBe(true);
	}
});

it('does not assume that NVDEC is available', async () => {
	const broken = { ...tools, ffmpeg: '/bin/false' };
	expect(await checkNvdec(broken, {})).toBe(false);
});
