import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AnalysisError } from '../errors.ts';
import { runProcess } from '../process/run-process.ts';
import { openAddressProxy } from './address-proxy.ts';
import type { OutgoingRules } from './guarded-request.ts';

/** A video that a page shows, while it lies in a temporary folder. */
export type PageVideo = { readonly path: string; readonly title: string };

/** How pages are read. */
export type PageOptions = {
	/** Folders in which yt-dlp is looked for, as in PATH. */
	readonly searchPath: string;
	readonly rules: OutgoingRules;
	readonly signal: AbortSignal;
	readonly maxBytes: number;
	/** Told how many bytes have come in, the pages' own included. */
	readonly onBytes?: (total: number) => void;
};

/** Pages, scripts and lists around the video, bytes. */
const besidesBytes = 64 * 1024 ** 2;
/** What the program may use; it decodes nothing. */
const [memoryMb, cpuS] = [1024, 300];

/**
 * Has yt-dlp fetch the video of a page, and does something with it. All of its traffic goes through a proxy that checks every address; it runs
 * without a shell, without the service's environment, and starts no other program. Throws `page-unsupported`, `url-refused`, `file-too-large`,
 * `cancelled`.
 */
export async function withPageVideo<T>(
	link: string,
	{ searchPath, rules, signal, maxBytes, onBytes = () => {} }: PageOptions,
	work: (video: PageVideo) => Promise<T>,
): Promise<T> {
	const folder = await mkdtemp(join(tmpdir(), 'unmask-yt-dlp-'));
	const proxy = await openAddressProxy({ rules, signal, maxBytes: maxBytes + besidesBytes, onBytes });
	try {
		const { startError, exitCode, stderrTail, stdout } = await runProcess(
			'yt-dlp',
			argsFor(link, folder, proxy.url, maxBytes),
			{
				signal,
				cwd: folder,
				limits: { memoryMb, cpuS, filesMb: Math.ceil(maxBytes / 1024 ** 2) },
				hasNetwork: true,
				env: {
					...{ PATH: searchPath, HOME: folder, TMPDIR: folder, LC_ALL: 'C.UTF-8', PYTHONDONTWRITEBYTECODE: '1' },
					...{ http_proxy: proxy.url, https_proxy: proxy.url, all_proxy: proxy.url },
				},
			},
		);
		const refused = proxy.refused();
		if (startError !== null) throw unsupported('yt-dlp is not installed');
		const [file] = (await readdir(folder)).filter((name) => /^video\.\w+$/.test(name));
		if (exitCode !== 0 || file === undefined)
			throw refused ?? unsupported(stderrTail.split('\n').at(-1) || 'no video that fits the limits came of it');
		return await work({ path: join(folder, file), title: /^title: (.*)$/m.exec(stdout)?.[1] ?? '' });
	} catch (thrown) {
		throw signal.aborted ? new AnalysisError('cancelled', 'upload') : thrown;
	} finally {
		await proxy.close();
		await rm(folder, { recursive: true, force: true });
	}
}

/** Whether a link could not be opened because it leads to a page. */
export const isPage = (thrown: unknown) => thrown instanceof AnalysisError && thrown.code === 'page-unsupported';

const argsFor = (link: string, folder: string, proxy: string, maxBytes: number): string[] => [
	...['--ignore-config', '--no-plugin-dirs', '--no-js-runtimes', '--no-remote-components', '--no-cache-dir'],
	...['--proxy', proxy, '--socket-timeout', '30', '--retries', '2', '--fragment-retries', '2'],
	...['--no-playlist', '--playlist-items', '1', '--match-filters', '!is_live', '--max-filesize', `${maxBytes}`],
	...['--downloader', 'native', '--ffmpeg-location', join(folder, 'none'), '--fixup', 'never'], // no other program is started
	...['--format', 'b/bv*', '--output', join(folder, 'video.%(ext)s'), '--no-part', '--no-mtime'],
	...['--progress', '--newline', '--progress-delta', '5', '--no-warnings', '--color', 'never'], // who is silent for long is stopped
	...['--no-simulate', '--print', 'title: %(title).200s', '--', link],
];

const unsupported = (what: string) => new AnalysisError('page-unsupported', 'upload', what);
