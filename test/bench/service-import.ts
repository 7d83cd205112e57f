import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { UploadProgress } from '../../function/contract/upload.ts';
import type { RunningService } from '../tools/start-service.ts';
import { figure, median, note, round, seconds } from './figure.ts';
import type { ServiceBench } from './service-bench.ts';
import { announce, forget } from './service-client.ts';
import { makeLargeVideo } from './service-upload.ts';

const run = promisify(execFile);

/**
 * Compares a link that the service fetches with `curl -o` of the same file from the same server on this machine, and a form with an upload to a
 * signed address. The time of each until the file is stored is measured in turn.
 */
export async function benchImport(
	{ service, folder, shortClip, quick, report }: ServiceBench,
	mb: number,
): Promise<void> {
	const file = await makeLargeVideo(folder, shortClip, mb);
	const source = await startSource(file);
	const copy = join(folder, `copy-${process.pid}.mp4`);
	const ways = {
		curl: () => curl(['-o', copy, source.url], 200),
		link: () => importLink(service, source.url),
		upload: () => upload(service.url, file),
		form: () => sendForm(service.url, file),
	};
	const took: Record<keyof typeof ways, number[]> = { curl: [], link: [], upload: [], form: [] };
	try {
		for (let turn = 0; turn < (quick ? 1 : 5); turn++) {
			for (const [name, way] of Object.entries(ways) as [keyof typeof ways, () => Promise<string | null>][]) {
				await run('sync'); // flushes what the previous turn wrote, so that this one does not pay for it
				let id: string | null = null;
				took[name].push(
					await seconds(async () => {
						id = await way();
					}),
				);
				if (id !== null) await forget(service.url, id);
				await rm(copy, { force: true });
			}
			note(
				`    ${Object.entries(took)
					.map(([name, all]) => `${name} ${round(mb / (all.at(-1) as number), 0)} MB/s`)
					.join(', ')}`,
			);
		}
	} finally {
		await source.stop();
	}
	for (const [what, way, against] of [
		['link of', 'link', 'curl'],
		['form of', 'form', 'upload'],
	] as const) {
		const ratios = took[way].map((s, turn) => (took[against][turn] as number) / s);
		const ratioRange = [round(Math.min(...ratios)), round(Math.max(...ratios))];
		const mbS = (name: keyof typeof ways) => round(mb / median(took[name]), 0);
		const details = { [`${way}MbS`]: mbS(way), [`${against}MbS`]: mbS(against), ratioRange };
		report(figure(`${what} ${mb} MB: speed / speed of ${against}`, round(median(ratios)), { atLeast: 0.8 }, details));
	}
}

/** Runs curl; returns the id that it printed, if any. Throws for another status. */
async function curl(args: readonly string[], expected: number): Promise<string | null> {
	const { stdout } = await run('curl', ['-sS', '-w', '\n%{http_code}', ...args]);
	const [, text, status] = /^([\s\S]*)\n(\d+)$/.exec(stdout) ?? [];
	if (status !== `${expected}`) throw new Error(`curl ${args.at(-1)} returned ${status}: ${text}`);
	return text ? (JSON.parse(text) as { id: string }).id : null;
}

async function upload(url: string, file: string): Promise<string | null> {
	const ticket = await announce(url, file);
	const headers = Object.entries(ticket.upload.headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
	return curl(['-T', file, ...headers, ticket.upload.url], 200);
}

/** Sends the file as a job, whose response comes when the file is stored; the job is deleted before it matters. */
const sendForm = (url: string, file: string) =>
	curl(
		['-F', `file=@${file};type=video/mp4`, '-H', 'Prefer: respond-async', '-H', 'Expect:', `${url}/v1/analyses`],
		202,
	);

/** Waits for the file itself, because polling the service fifty times per second would be a good part of its work. */
async function importLink({ url, data }: RunningService, link: string): Promise<string> {
	const headers = { 'content-type': 'application/json' };
	const begun = await fetch(`${url}/v1/uploads`, { method: 'POST', headers, body: JSON.stringify({ url: link }) });
	const { id } = (await begun.json()) as UploadProgress;
	const path = join(data, 'uploads', id);
	for (let checks = 1; !existsSync(path); checks++) {
		if (checks % 200 === 0) await readState(url, id); // a link that failed leaves no file
		await wait(5);
	}
	while ((await readState(url, id)) !== 'complete') await wait(5);
	return id;
}

async function readState(url: string, id: string): Promise<UploadProgress['state']> {
	const answer = await fetch(`${url}/v1/uploads/${id}`);
	if (!answer.ok) throw new Error(`the link returned ${answer.status}`);
	return ((await answer.json()) as UploadProgress).state;
}

/** Starts the file server in a separate process, like the service. */
async function startSource(file: string): Promise<{ url: string; stop: () => Promise<void> }> {
	const script = join(import.meta.dirname, 'file-source.ts');
	const child = spawn(process.execPath, ['--import', 'tsx', script, file], { stdio: ['ignore', 'pipe', 'inherit'] });
	const [printed] = await once(child.stdout, 'data');
	return {
		url: `http://127.0.0.1:${printed.toString().trim()}/film.mp4`,
		stop: async () => {
			const ended = once(child, 'exit');
			child.kill();
			await ended;
		},
	};
}
