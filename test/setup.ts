import { parseConfig } from '../function/config.ts';
import { findFfmpeg } from '../function/media/find-ffmpeg.ts';

/** Before all tests: the clips are made by ffmpeg, so it must be there; installed where that is allowed. */
export default async function setup(): Promise<void> {
	const { FFMPEG_PATH, PATH } = parseConfig();
	await findFfmpeg({
		ffmpegPath: FFMPEG_PATH,
		searchPath: PATH,
		onNotice: (text) => process.stderr.write(`${text}\n`),
	});
}
