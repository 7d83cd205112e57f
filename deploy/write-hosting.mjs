import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPageHeaders } from '../dist/function/http/security-headers.js';

/**
 * `node deploy/write-hosting.mjs SERVICE FOLDER`: writes the built page for a static host, with the address of its service, and a firebase.json
 * with the headers that the service itself sends. Run `npm ci` first.
 */

const [service = '', folder = ''] = process.argv.slice(2);
if (!URL.canParse(service) || new URL(service).origin !== service || folder === '') {
	process.stderr.write('usage: node deploy/write-hosting.mjs https://SERVICE FOLDER\n');
	process.exit(2);
}
const built = fileURLToPath(new URL('../dist/spa', import.meta.url));
const page = join(folder, 'public');
await rm(page, { recursive: true, force: true });
await cp(built, page, { recursive: true });
const index = join(page, 'index.html');
const html = await readFile(index, 'utf8');
const withService = html.replace('name="unmask-api" content=""', `name="unmask-api" content="${service}"`);
if (withService === html) throw new Error('the built page has no <meta name="unmask-api">');
await writeFile(index, withService);

const headers = [];
const response = { setHeader: (key, value) => headers.push({ key, value }), removeHeader: () => {} };
createPageHeaders([service, 'https://storage.googleapis.com'])({}, response);
const hosting = {
	public: 'public',
	headers: [
		{ source: '**', headers: [...headers, { key: 'Cache-Control', value: 'no-cache' }] },
		{ source: '/assets/**', headers: [{ key: 'Cache-Control', value: 'public, max-age=31536000, immutable' }] },
	],
};
await writeFile(join(folder, 'firebase.json'), `${JSON.stringify({ hosting }, null, '\t')}\n`);
