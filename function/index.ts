import { parseConfig } from './config.ts';
import type { Instance } from './http/instance.ts';
import { openInstance } from './http/open-instance.ts';
import { registerFunctions } from './http/register-functions.ts';
import { findFfmpeg } from './media/find-ffmpeg.ts';

/** What functions-framework loads: the HTTP function `unmask` and the cloud-event function `unmask-object-finalized`. */

let opened: Promise<Instance> | undefined;

registerFunctions(() => {
	opened ??= open().catch((thrown: unknown) => {
		opened = undefined; // what hindered it may be over at the next request
		throw thrown;
	});
	return opened;
});

async function open(): Promise<Instance> {
	const config = parseConfig();
	const onNotice = (text: string) => process.stderr.write(`${text}\n`);
	await findFfmpeg({ ffmpegPath: config.FFMPEG_PATH, searchPath: config.PATH, onNotice });
	return openInstance(config);
}
