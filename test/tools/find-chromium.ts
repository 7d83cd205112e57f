import { parseConfig } from '../../function/config.ts';
import { aptInstall, isProgram, mayInstall, onPath } from './programs.ts';

/** Where to look for a browser and whether it may be installed. */
export type ChromiumOptions = {
	/** A path given by the user, which is then the only one tried; default CHROMIUM_PATH. */
	readonly chromiumPath?: string | undefined;
	/** Folders to search, as in PATH. */
	readonly searchPath?: string;
	/** Whether Debian's package may be installed if nothing is found and this is root; default false. */
	readonly install?: boolean;
	/** Called when something is being installed. */
	readonly onNotice?: (text: string) => void;
};

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const usualFolders = '/usr/bin:/usr/local/bin:/snap/bin:/opt/google/chrome';

/** The path of a Chromium for playwright-core, which includes none; throws one sentence that says what to install. */
export async function findChromium({
	chromiumPath = process.env.CHROMIUM_PATH,
	searchPath = `${parseConfig().PATH}:${usualFolders}`,
	install = false,
	onNotice,
}: ChromiumOptions = {}): Promise<string> {
	if (chromiumPath) {
		if (await isProgram(chromiumPath)) return chromiumPath;
		throw new Error(`CHROMIUM_PATH is ${chromiumPath}, and there is no program there.`);
	}
	const found = await search(searchPath);
	if (found) return found;
	if (install && (await mayInstall())) {
		onNotice?.('Chromium was not found: installing it with apt-get (once, about a minute) ...');
		await aptInstall(['chromium', 'fonts-dejavu-core']); // the fonts cover Latin and Arabic
		const installed = await search(usualFolders);
		if (installed) return installed;
	}
	throw new Error(
		'Chromium was not found: install it (Debian: apt-get install chromium), or name one in CHROMIUM_PATH.',
	);
}

async function search(searchPath: string): Promise<string | null> {
	for (const name of names) {
		const [path] = await onPath(name, searchPath);
		if (path) return path;
	}
	return null;
}
