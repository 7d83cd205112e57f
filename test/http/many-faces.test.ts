import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import type { ServiceEvent } from '../../function/contract/events.ts';

const faces = 70_000;
const mostMb = 60;

let child: ChildProcess | undefined;
afterEach(() => child?.kill('SIGKILL'));

test('the pictures of 70,000 faces of three people stay out of the memory of the HTTP process', async () => {
	const program = fileURLToPath(new URL('./many-faces-service.ts', import.meta.url));
	child = fork(program, [String(faces)], { execArgv: ['--expose-gc', '--import', 'tsx'] });
	const [{ url, id }] = (await once(child, 'message')) as [{ url: string; id: string }];
	const follow = async () => {
		const answer = await fetch(`${url}/v1/analyses`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', accept: 'application/x-ndjson' },
			body: JSON.stringify({ uploadId: id, plan: { crops: true } }),
		});
		return count(answer);
	};
	const [live, second] = await Promise.all([follow(), follow()]);
	for (const seen of [live, second]) expect(seen).toMatchObject({ faces, reports: 1 });
	expect(live.pictures).toBeGreaterThan(faces / 2); // a reader that keeps up gets them
	child.send('read');
	const [memory] = (await once(child, 'message')) as [{ mostMb: number }];
	expect(memory.mostMb).toBeLessThan(mostMb);
}, 300_000);

async function count(answer: Response): Promise<{ faces: number; pictures: number; reports: number }> {
	const seen = { faces: 0, pictures: 0, reports: 0 };
	for await (const line of createInterface({ input: Readable.fromWeb(answer.body as never) })) {
		if (line === '') continue;
		const event = JSON.parse(line) as ServiceEvent;
		if (event.type === 'face') {
			seen.faces++;
			if (event.cropJpegBase64 !== null) seen.pictures++;
		}
		if (event.type === 'report') seen.reports++;
	}
	return seen;
}
