import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AnalysisError } from '../errors.ts';
import { defaultLimits, faultOfEnd, runProcess } from '../process/run-process.ts';
import { maxPixels } from './ffmpeg-input.ts';
import type { Source } from './source.ts';

/** The pictures of a file as an animated PNG in a temporary folder. */
export type Unrolled = {
	readonly path: string;
	/** Number of pictures that were left out. */
	readonly leftOut: number;
	remove(): Promise<void>;
};

const program = fileURLToPath(new URL('./unroll-pictures.mjs', import.meta.url));
/** Exit status of the program if a picture is too large. */
const exitTooLarge = 3;
/** Two minutes of CPU time, and room for the temporary file. */
const limits = { ...defaultLimits, cpuS: 120, filesMb: 1536 };

/**
 * Writes the frames of an animated WebP, the pages of a TIFF, an AVIF, or a JPEG with colours of print as a file that ffmpeg reads frame by frame, in a process with
 * resource limits and without network access. Throws AnalysisError of stage `probe`: decode-failed, picture-too-large, decoder-died,
 * time-limit.
 */
export async function unrollPictures({ path, signal }: Pick<Source, 'path' | 'signal'>): Promise<Unrolled> {
	const folder = await mkdtemp(join(tmpdir(), 'unmask-pictures-'));
	const remove = () => rm(folder, { recursive: true, force: true });
	try {
		const out = join(folder, 'pictures.png');
		const end = await runProcess(process.execPath, [program, path, out], { signal, limits });
		if (end.startError) throw new AnalysisError('environment', 'probe', end.startError);
		const crash = faultOfEnd('the picture reader', 'probe', end);
		if (crash) throw crash;
		if (end.exitCode === exitTooLarge)
			throw new AnalysisError('picture-too-large', 'probe', `the limit is ${maxPixels / 1e6} megapixels`);
		const [, written, pages] = /^(\d+) (\d+)$/m.exec(end.stdout) ?? [];
		if (end.exitCode !== 0 || !written) throw new AnalysisError('decode-failed', 'probe', reasonIn(end.stderrTail));
		return { path: out, leftOut: Number(pages) - Number(written), remove };
	} catch (error) {
		await remove();
		throw error;
	}
}

/** The error message in the stderr of a Node program. */
const reasonIn = (stderr: string) => /Error: (.*)/.exec(stderr)?.[1] ?? '';
