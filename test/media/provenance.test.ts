import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Provenance, provenanceSchema } from '../../function/contract/provenance.ts';
import { headBytes } from '../../function/media/kinds.ts';
import { collectProvenance } from '../../function/provenance/collect-provenance.ts';
import { credentialFormat } from '../../function/provenance/format.ts';
import { mayHoldCredentials } from '../../function/provenance/may-hold-credentials.ts';
import { openProvenance } from '../../function/provenance/open-provenance.ts';
import { type ProvenancePart, readProvenance } from '../../function/provenance/read-provenance.ts';
import { blobOf, defineFileReaderSync } from '../../function/provenance/sync-blob.ts';
import { bytesOf, type Claim, signContent } from '../tools/sign-content.ts';
import { tools } from './open-clip.ts';

const folder = mkdtempSync(join(tmpdir(), 'unmask-provenance-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const require = createRequire(import.meta.url);
const programs = {
	mediaInfo: require.resolve('mediainfo.js/MediaInfoModule.wasm'),
	credentials: () => new Uint8Array(readFileSync(require.resolve('@contentauth/c2pa-wasm/c2pa.wasm'))),
};

/** The provenance in the bytes of a file, read in this process. */
async function read(content: Uint8Array): Promise<Provenance> {
	defineFileReaderSync();
	const bytes = bytesOf(content);
	const file = { bytes, blob: blobOf(bytes), format: credentialFormat(bytes.read(0, headBytes)) };
	const parts: ProvenancePart[] = [];
	for await (const part of readProvenance(file, programs)) parts.push(part);
	return provenanceSchema.parse(collectProvenance(parts, 'unreadable'));
}

const sourceType = (name: string) => `http://cv.iptc.org/newscodes/digitalsourcetype/${name}`;
const claimOf = (actions: readonly object[], title = 'My clip'): Claim => ({
	title,
	claim_generator_info: [{ name: 'Test Generator', version: '1.2' }],
	assertions: [{ label: 'c2pa.actions', data: { actions } }],
});
const generated = claimOf([{ action: 'c2pa.created', digitalSourceType: sourceType('trainedAlgorithmicMedia') }]);
const captured = claimOf([{ action: 'c2pa.created', digitalSourceType: sourceType('digitalCapture') }], 'Original');

let clip: Uint8Array;
let jpeg: Uint8Array;
let png: Uint8Array;
beforeAll(async () => {
	const path = join(folder, 'clip.mp4');
	const source = ['-f', 'lavfi', '-i', 'testsrc=d=1:s=160x120', '-c:v', 'libx264', '-preset', 'ultrafast'];
	await execa(tools.ffmpeg, [...source, '-metadata', 'location=+27.5916+086.5640/', path]);
	clip = readFileSync(path);
	const grey = sharp({ create: { width: 64, height: 64, channels: 3, background: '#777' } });
	png = await grey.clone().png().toBuffer();
	jpeg = await grey.clone().jpeg().toBuffer();
});

describe('Content Credentials', () => {
	it('are absent from most files, which means nothing', async () => {
		for (const file of [clip, jpeg, png]) expect((await read(file)).credentials).toEqual(none('none'));
	});

	it('name the signer and the claimed generator, and say that nobody vouches for the signer', async () => {
		const { credentials, hints } = await read(await signContent(clip, 'mp4', generated));
		expect(credentials).toEqual({
			...{ state: 'valid', trust: 'not-checked', problems: [] },
			manifests: [
				{
					...{ title: 'My clip', generator: 'Test Generator 1.2', signedAt: null, ingredients: [] },
					...{ signer: 'Test Camera', organisation: 'Unmask Tests' },
					actions: [{ action: 'c2pa.created', sourceType: 'trainedAlgorithmicMedia', software: null, when: null }],
				},
			],
		});
		expect(hints).toContainEqual({
			...{ code: 'generative-source', name: 'trainedAlgorithmicMedia', from: 'credentials' },
		});
	});

	it.each([
		['jpg', () => jpeg],
		['png', () => png],
	])('are read from %s, with the claim of the file that it was made from', async (format, original) => {
		const parent = await signContent(original(), format, captured);
		const edited = claimOf([{ action: 'c2pa.cropped', when: '2026-01-02T03:04:05Z' }]);
		const { credentials, hints } = await read(await signContent(parent, format, edited, { parent }));
		expect(credentials.state).toBe('valid');
		expect(credentials.manifests.map(({ title }) => title)).toEqual(['My clip', 'Original']);
		expect(credentials.manifests[0]?.ingredients).toMatchObject([{ relationship: 'parentOf' }]);
		expect(hints.filter(({ from }) => from === 'credentials')).toEqual([]);
	});

	it('do not match a file that was changed after signing', async () => {
		const signed = await signContent(clip, 'mp4', generated);
		const at = Buffer.from(signed).indexOf('mdat') + 40;
		const changed = signed.with(at, (signed[at] as number) ^ 0xff);
		expect((await read(changed)).credentials).toMatchObject({
			...{ state: 'invalid', problems: expect.arrayContaining(['assertion.bmffHash.mismatch']) },
		});
	});

	it('do not match if the claim itself was changed', async () => {
		const signed = Buffer.from(await signContent(jpeg, 'jpg', captured));
		const at = signed.indexOf('digitalCapture');
		signed.write('digitalCastles', at, 'latin1');
		const { credentials } = await read(signed);
		expect(credentials.state).toBe('invalid');
		expect(credentials.problems.length).toBeGreaterThan(0);
	});

	it.each([0.3, 0.6, 0.9])('fail cleanly if only %d of the file is present', async (share) => {
		const signed = await signContent(png, 'png', generated);
		const { credentials } = await read(signed.subarray(0, Math.round(share * signed.length)));
		expect(['none', 'invalid', 'unreadable']).toContain(credentials.state);
	});

	it('are searched for by the library only if the file can contain them', async () => {
		const box = (type: string, length: number, data = '') => {
			const header = Buffer.alloc(8);
			header.writeUInt32BE(length);
			header.write(type, 4, 'latin1');
			return Buffer.concat([header, Buffer.from(data, 'latin1')]);
		};
		const may = (content: Uint8Array, format = 'mp4') => mayHoldCredentials(bytesOf(content), format);
		const long = Buffer.concat([box('mdat', 1), Buffer.from([0, 0, 0, 0, 0, 0, 0, 24]), Buffer.alloc(8)]);
		for (const content of [clip, long, Buffer.concat([clip, long, box('free', 8), box('mdat', 0, 'to the end')])])
			expect(may(content)).toBe(false);
		const signed = await signContent(clip, 'mp4', generated);
		const remote = await signContent(clip, 'mp4', captured, { remoteUrl: 'http://127.0.0.1:1/manifest.c2pa' });
		const cut = clip.subarray(0, clip.length - 1);
		const broken = [cut, box('free', 7), box('free', 9), box('mdat', 1), Buffer.from('\0\0\0')];
		for (const content of [signed, remote, ...broken, Buffer.concat([clip, box('uuid', 24)])])
			expect(may(content)).toBe(true);
		expect(may(jpeg, 'jpg')).toBe(true);
	});

	it('are never a page long: texts and lists are truncated', async () => {
		const actions = Array.from({ length: 200 }, () => ({ action: 'c2pa.edited', softwareAgent: 'x'.repeat(5000) }));
		const first = { action: 'c2pa.created', digitalSourceType: sourceType('digitalCreation') };
		const { credentials } = await read(await signContent(jpeg, 'jpg', claimOf([first, ...actions], 'y'.repeat(5000))));
		expect(credentials.manifests[0]?.actions).toHaveLength(50);
		expect(JSON.stringify(credentials).length).toBeLessThan(20_000);
	});
});

describe('the container', () => {
	it('reports FFmpeg, a software encoder, and that it contains a location, but not which', async () => {
		const { facts, hints } = await read(clip);
		expect(facts).toMatchObject({ hasLocation: true, device: null });
		expect(facts?.software).toMatch(/^Lavf/);
		expect(hints.map(({ code }) => code)).toEqual(['ffmpeg', 'software-encoder']);
		expect(JSON.stringify(facts)).not.toMatch(/27.59|86.56/);
	});

	it('reports camera, program and time of a photograph, and that a generative model was used', async () => {
		const photograph = await sharp(jpeg)
			.withExif({
				IFD0: { Make: 'Canon', Model: 'EOS R5', Software: 'Adobe Photoshop 25.0', DateTime: '2024:01:02 03:04:05' },
				IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '27/1 35/1 30/1' },
			})
			.withXmp(xmp(sourceType('compositeWithTrainedAlgorithmicMedia')))
			.jpeg()
			.toBuffer();
		const { facts, hints } = await read(photograph);
		expect(facts).toEqual({
			...{ createdAt: '2024-01-02 03:04:05', changedAt: null, device: 'Canon EOS R5' },
			...{ software: 'Adobe Photoshop 25.0', encoder: null, hasLocation: true },
			sourceType: 'compositeWithTrainedAlgorithmicMedia',
		});
		expect(hints.map(({ code }) => code)).toEqual(['generative-source', 'editor']);
	});

	it('shows the prompt of an image generator', async () => {
		const { hints } = await read(withText(png, 'parameters', 'a face, Steps: 20, Sampler: Euler a, CFG scale: 7'));
		expect(hints).toEqual([{ code: 'generator-parameters', name: 'Stable Diffusion web UI', from: 'container' }]);
		const named = await read(withText(png, 'Software', 'NovelAI'));
		expect(named.hints).toEqual([{ code: 'generator-name', name: 'NovelAI', from: 'container' }]);
	});

	it('may contain anything', async () => {
		for (const content of [
			'',
			'x',
			'\0\0\0\x08ftyp',
			'\xff\xd8\xff\xe1\xff\xffExif\0\0',
			'\x89PNG\r\n\x1a\n\xff\xff\xff\xfftEXt',
		])
			expect((await read(Buffer.from(content, 'latin1'))).credentials.manifests).toEqual([]);
	});
});

describe('the process that reads a file', () => {
	const write = (name: string, content: Uint8Array) => {
		writeFileSync(join(folder, name), content);
		return join(folder, name);
	};

	it('returns the same, and does not fetch remote credentials', async () => {
		let asked = 0;
		const server = createServer((_req, res) => {
			asked++;
			res.end();
		}).listen(0, '127.0.0.1');
		await new Promise((resolve) => server.once('listening', resolve));
		const remoteUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/manifest.c2pa`;
		const path = write('elsewhere.jpg', await signContent(jpeg, 'jpg', captured, { remoteUrl }));
		const { credentials } = await openProvenance(path, new AbortController().signal);
		server.close();
		expect(credentials).toEqual(none('elsewhere'));
		expect(asked).toBe(0);
	});

	it('is stopped, and its results so far are kept', async () => {
		const { credentials } = await openProvenance(write('clip.mp4', clip), AbortSignal.timeout(1));
		expect(credentials).toEqual(none('time-limit'));
	});

	it('is not read at all if the analysis was cancelled before', async () => {
		const { credentials } = await openProvenance(write('clip.mp4', clip), AbortSignal.abort());
		expect(credentials.state).toBe('time-limit');
	});

	it('returns nothing for a file that is gone', async () => {
		const gone = await openProvenance(join(folder, 'gone.mp4'), new AbortController().signal);
		expect(gone).toEqual({ credentials: none('unreadable'), facts: null, hints: [] });
	});
});

const none = (state: Provenance['credentials']['state']) => ({
	...{ state, trust: 'not-checked', problems: [], manifests: [] },
});

const xmp = (type: string) =>
	`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" Iptc4xmpExt:DigitalSourceType="${type}"/></rdf:RDF></x:xmpmeta>`;

/** A PNG with a text chunk after its header; without the checksum, which no reader of texts checks. */
function withText(picture: Uint8Array, key: string, text: string): Uint8Array {
	const data = Buffer.from(`${key}\0${text}`, 'latin1');
	const length = Buffer.alloc(4);
	length.writeUInt32BE(data.length);
	const headerEnd = 33;
	return Buffer.concat([
		picture.subarray(0, headerEnd),
		length,
		Buffer.from('tEXt'),
		data,
		Buffer.alloc(4),
		picture.subarray(headerEnd),
	]);
}
