import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/**
 * `node deploy/smoke.mjs URL [FILE] [--key KEY] [--token TOKEN]`: goes through what a visitor does with a running service and prints a line per step. Exits with 0
 * if every step works, with 1 if one does not. FILE is a video or picture, by default a portrait of the tests; KEY is an API key of the service;
 * TOKEN is the identity token for a Cloud Run service that is not public (`gcloud auth print-identity-token`). Needs only Node.
 */

const { values, positionals } = parseArgs({
	options: { key: { type: 'string' }, token: { type: 'string' } },
	allowPositionals: true,
});
const [address = '', file = fileURLToPath(new URL('../test/fixtures/portraits/a.jpg', import.meta.url))] = positionals;
if (!URL.canParse(address)) {
	process.stderr.write('usage: node deploy/smoke.mjs URL [FILE] [--key KEY] [--token TOKEN]\n');
	process.exit(2);
}
const service = address.replace(/\/$/, '');
/** Cloud Run reads its own token from this header, so that `authorization` is left to the application. */
const cloudRun = values.token ? { 'x-serverless-authorization': `Bearer ${values.token}` } : {};
const own = values.key ? { authorization: `Bearer ${values.key}` } : {};
/** Cloud Run does not respond for seconds while it starts the first instance. */
const patienceMs = 120_000;

const contentTypes = {
	'.mp4': 'video/mp4',
	'.mov': 'video/quicktime',
	'.webm': 'video/webm',
	'.jpg': 'image/jpeg',
	'.png': 'image/png',
};

async function smoke() {
	const page = await step('load the page', () => call('GET', '/', { accept: 'text/html' }));
	if (!page.headers.get('content-security-policy')?.includes("script-src 'self'"))
		throw new Error('the page has no Content-Security-Policy');
	const about = await json(await step('read the service description', () => call('GET', '/v1/service')));
	detail(`version ${about.version}, ${about.limits.slots} at a time, files up to ${about.limits.sizeBytes} bytes`);
	// Cloud Run reserves some paths that end in z, so a 404 here may be Google's and says nothing about the service
	const ready = await call('GET', '/readyz', {}, undefined, [200, 404]);
	if (ready.status === 200) {
		const { provider, selfTest, store } = await json(ready);
		detail(
			`models on ${provider}, self-test ${selfTest.passed ? 'passed' : 'FAILED'} in ${selfTest.ms} ms, store ${store}`,
		);
	}
	const unknown = await call('GET', `/v1/analyses/${'0'.repeat(32)}`, {}, undefined, [404]);
	if ((await json(unknown)).code !== 'report-not-found')
		throw new Error('an unknown report was not answered with report-not-found');

	const bytes = await readFile(file);
	const contentType = contentTypes[extname(file).toLowerCase()] ?? 'video/mp4';
	const announced = { fileName: basename(file), sizeBytes: bytes.length, contentType };
	const { id, upload } = await json(await step('announce an upload', () => post('/v1/uploads', announced)));
	await step(`send ${bytes.length} bytes to ${new URL(upload.url, service).host}`, () => send(upload, bytes));
	const last = await step('analyse', () => analyse(id));
	const { verdict, tracks, provider } = last.report;
	detail(`${verdict.outcome}, ${tracks.length} person(s), on ${provider}`);
	await step('read the report', () => call('GET', `/v1/analyses/${id}`));
	await step('delete the report', () => call('DELETE', `/v1/analyses/${id}`, {}, undefined, [200, 204]));
	await step('the report is gone', () => call('GET', `/v1/analyses/${id}`, {}, undefined, [404]));
}

async function analyse(uploadId) {
	const accept = { accept: 'application/x-ndjson' };
	const answer = await post('/v1/analyses', { uploadId, plan: { frames: 20 } }, accept);
	const lines = (await answer.text()).split('\n').filter(Boolean);
	const last = JSON.parse(lines.at(-1) ?? '{}');
	if (last.type !== 'report') throw new Error(`the stream ended with ${last.type}: ${last.error?.message ?? ''}`);
	return last;
}

async function send({ method, url, headers }, body) {
	const target = new URL(url, service);
	const ours = target.origin === new URL(service).origin ? cloudRun : {};
	return refuseOther(
		await fetch(target, { method, headers: { ...headers, ...ours }, body }),
		[200, 201],
		target.pathname,
	);
}

const post = (path, body, headers = {}) =>
	call('POST', path, { 'content-type': 'application/json', ...headers }, JSON.stringify(body), [200, 201]);

async function call(method, path, headers = {}, body = undefined, statuses = [200]) {
	const init = { method, headers: { ...cloudRun, ...own, ...headers }, body, signal: AbortSignal.timeout(patienceMs) };
	return refuseOther(await fetch(service + path, init), statuses, `${method} ${path}`);
}

async function refuseOther(answer, statuses, what) {
	if (statuses.includes(answer.status)) return answer;
	throw new Error(`${what} returned ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
}

async function step(what, work) {
	const startMs = performance.now();
	const answer = await work().catch((cause) => {
		throw new Error(what, { cause });
	});
	process.stdout.write(`works   ${what} (${Math.round(performance.now() - startMs)} ms)\n`);
	return answer;
}

const json = (answer) => answer.json();
const detail = (text) => process.stdout.write(`        ${text}\n`);

try {
	await smoke();
	process.stdout.write('Everything works.\n');
} catch (error) {
	process.stdout.write(`FAILED  ${error.message}${error.cause ? ` (${error.cause.message})` : ''}\n`);
	process.exitCode = 1;
}
