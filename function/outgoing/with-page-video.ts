import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AnalysisError } from '../errors.ts';
import { runProcess } from '../process/run-process.ts';
import { openAddressProxy } from './address-proxy.ts';
import type { OutgoingRules } from './guarded-request.ts';

/** The video of a page, in a temporary folder. */
export type PageVideo = { readonly path: string; readonly title: string };

/** Options for reading pages. */
export type PageOptions = {
	/** Folders to search for yt-dlp, in the form of PATH. */
	readonly searchPath: string;
	readonly rules: OutgoingRules;
	readonly signal: AbortSignal;
	readonly maxBytes: number;
	/** Called with the number of bytes received so far, including those of the page itself. */
	readonly onBytes?: (total: number) => void;
};

/** Allowance for pages, scripts and playlists besides the video, bytes. */
const overheadBytes = 64 * 1024 ** 2;
/** Limits of yt-dlp, which decodes nothing. */
const [memoryMb, cpuS] = [1024, 300];

/**
 * Has yt-dlp fetch the video of a page, and calls `work` with it. All traffic goes through a proxy that checks every address. yt-dlp runs without a
 * shell and without the service's environment, and starts no other program. Throws `page-unsupported`, `url-refused`, `file-too-large`, `cancelled`.
 */
export async function withPageVideo<T>(
	link: string,
	{ searchPath, rules, signal, maxBytes, onBytes = () => {} }: PageOptions,
	work: (video: PageVideo) => Promise<T>,
): Promise<T> {
	const folder = await mkdtemp(join(tmpdir(), 'unmask-yt-dlp-'));
	const proxy = await openAddressProxy({ rules, signal, maxBytes: maxBytes + overheadBytes, onBytes });
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
			throw refused ?? unsupported(stderrTail.split('\n').at(-1) || 'it found no video within the limits');
		return await work({ path: join(folder, file), title: /^title: (.*)$/m.exec(stdout)?.[1] ?? '' });
	} catch (thrown) {
		throw signal.aborted ? new AnalysisError('cancelled', 'upload') : thrown;
	} finally {
		await proxy.close();
		await rm(folder, { recursive: true, force: true });
	}
}

/** Whether opening a link failed because it leads to a page. */
export const isPage = (thrown: unknown) => thrown instanceof AnalysisError && thrown.code === 'page-unsupported';

const argsFor = (link: string, folder: string, proxy: string, maxBytes: number): string[] => [
	...['--ignore-config', '--no-plugin-dirs', '--no-js-runtimes', '--no-remote-components', '--no-cache-dir'],
	...['--proxy', proxy, '--socket-timeout', '30', '--retries', '2', '--fragment-retries', '2'],
	...['--no-playlist', '--playlist-items', '1', '--match-filters', '!is_live', '--max-filesize', `${maxBytes}`],
	...['--downloader', 'native', '--ffmpeg-location', join(folder, 'none'), '--fixup', 'never'], // starts no other program
	...['--format', 'b/bv*', '--output', join(folder, 'video.%(ext)s'), '--no-part', '--no-mtime'],
	...['--progress', '--newline', '--progress-delta', '5', '--no-warnings', '--color', 'never'], // regular output, because a silent process is stopped
	...['--no-simulate', '--print', 'title: %(title).200s', '--', link],
];

const unsupported = (what: string) => new AnalysisError('page-unsupported', 'upload', what);
