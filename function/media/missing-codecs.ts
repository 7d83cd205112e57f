import { runProcess } from '../process/run-process.ts';
import type { FfmpegTools } from './find-ffmpeg.ts';

/** Common codecs: ffmpeg's names and display names. */
const commonCodecs: Readonly<Record<string, string>> = {
	h264: 'H.264',
	hevc: 'HEVC (H.265)',
	vvc: 'VVC (H.266)',
	av1: 'AV1',
	vp8: 'VP8',
	vp9: 'VP9',
	mpeg1video: 'MPEG-1',
	mpeg2video: 'MPEG-2',
	mpeg4: 'MPEG-4 (DivX, Xvid)',
	msmpeg4v3: 'DivX 3',
	wmv3: 'WMV 9',
	vc1: 'VC-1',
	prores: 'ProRes',
	dnxhd: 'DNxHD',
	dvvideo: 'DV',
	theora: 'Theora',
	mjpeg: 'Motion JPEG',
	h263: 'H.263',
	flv1: 'Sorenson',
	rv40: 'RealVideo',
};

/** Display names of the common codecs that this ffmpeg cannot decode. */
export async function missingCodecs({ ffmpeg }: Pick<FfmpegTools, 'ffmpeg'>): Promise<string[]> {
	const { stdout } = await runProcess(ffmpeg, ['-hide_banner', '-v', 'error', '-codecs']);
	return missingIn(stdout);
}

/** The same from the output of `ffmpeg -codecs`: ` DEV.LS h264 ...`, where D means that it can decode. */
export function missingIn(codecs: string): string[] {
	const decoded = new Set([...codecs.matchAll(/^ D.V\S* (\S+)/gm)].map(([, name]) => name));
	return Object.entries(commonCodecs).flatMap(([name, words]) => (decoded.has(name) ? [] : [words]));
}
