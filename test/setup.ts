import type { TestProject } from 'vitest/node';
import { parseConfig } from '../function/config.ts';
import { findFfmpeg } from '../function/media/find-ffmpeg.ts';
import { findFakeGcs } from './tools/fake-gcs-server.ts';
import { findChromium } from './tools/find-chromium.ts';

const onNotice = (text: string) => {
	process.stderr.write(`${text}\n`);
};

/**
 * Before all tests, once: the clips are made by ffmpeg, so it must be there; a browser and a cloud store's server only for the projects that use
 * them. What is missing is installed where that is allowed; the server is built while the other tests run, and those that need it wait for it.
 */
export default async function setup({ vitest }: TestProject): Promise<void> {
	const { FFMPEG_PATH, PATH } = parseConfig();
	await findFfmpeg({ ffmpegPath: FFMPEG_PATH, searchPath: PATH, onNotice });
	const projects = new Set(vitest.projects.map(({ name }) => name));
	// a failure is told by the tests that need it: they look for the same again
	const later = (error: Error) => onNotice(error.message);
	if (projects.has('e2e')) await findChromium({ install: true, onNotice }).catch(later);
	if (['contract', 'http', 'hardening'].some((name) => projects.has(name)))
		void findFakeGcs({ install: true, onNotice }).catch(later);
}
