import { randomBytes } from 'node:crypto';
import { cloudEvent, http } from '@google-cloud/functions-framework';
import { parseConfig } from './config.ts';
import { createApi } from './http/create-api.ts';
import { analyseObject } from './http/object-finalized.ts';
import { openInstance } from './http/open-instance.ts';
import { refuse } from './http/problem.ts';
import { findFfmpeg } from './media/find-ffmpeg.ts';

/** Entry point for functions-framework: the HTTP function `unmask` and the cloud-event function `unmask-object-finalized`. */

const open = once(async () => {
	const config = parseConfig();
	const onNotice = (text: string) => process.stderr.write(`${text}\n`);
	await findFfmpeg({ ffmpegPath: config.FFMPEG_PATH, searchPath: config.PATH, onNotice });
	return openInstance(config);
});
const api = once(async () => createApi(await open()));

http('unmask', async (req, res) => {
	try {
		(await api())(req, res);
	} catch (thrown) {
		refuse(req, res, { requestId: randomBytes(8).toString('hex'), code: null, fault: null }, thrown);
	}
});
cloudEvent('unmask-object-finalized', async (event: unknown) => analyseObject(await open(), event));

/** Calls on the first request and shares the result with all later ones. A failed call is repeated, as its cause may have passed. */
function once<T>(call: () => Promise<T>): () => Promise<T> {
	let pending: Promise<T> | null = null;
	return () => {
		pending ??= call().catch((thrown: unknown) => {
			pending = null;
			throw thrown;
		});
		return pending;
	};
}
