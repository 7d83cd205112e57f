import { createWriteStream } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseConfig } from '../config.ts';
import { createRules } from '../outgoing/guarded-request.ts';
import { openLink } from '../outgoing/open-link.ts';
import { plainName, shortName } from '../outgoing/plain-name.ts';
import { isPage, withPageVideo } from '../outgoing/with-page-video.ts';
import { checkedBytes } from '../store/checked-bytes.ts';

/** Whether an argument is a link rather than a path. */
export const isLink = (input: string) => /^https?:\/\//i.test(input);

/**
 * Downloads the file behind a link to a temporary folder and calls `work` with its path; a path is passed on unchanged. The checks are those
 * of the service: size, first bytes, public internet addresses only.
 */
export async function withLocalFile<T>(
	input: string,
	signal: AbortSignal,
	work: (path: string) => Promise<T>,
): Promise<T> {
	if (!isLink(input)) return work(input);
	const { UNMASK_MAX_BYTES: maxBytes, UNMASK_OUTGOING_NETWORKS: allowed, UNMASK_YT_DLP, PATH } = parseConfig();
	const rules = createRules(allowed);
	const file = await openLink(input, { rules, signal, maxBytes }).catch((thrown: unknown) => {
		if (isPage(thrown) && UNMASK_YT_DLP === 'on') return null;
		throw thrown;
	});
	if (file === null)
		return withPageVideo(input, { searchPath: PATH, rules, signal, maxBytes }, async ({ path, title }) => {
			const named = join(dirname(path), `${shortName(plainName(title), 'start')}${extname(path)}`);
			await rename(path, named);
			return work(named);
		});
	const folder = await mkdtemp(join(tmpdir(), 'unmask-link-'));
	try {
		const path = join(folder, shortName(plainName(file.fileName), 'end'));
		await pipeline(checkedBytes(file.bytes, maxBytes), createWriteStream(path, { mode: 0o600 }), { signal });
		return await work(path);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
