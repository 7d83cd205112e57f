import mediaInfoFactory from 'mediainfo.js';
import type { ContainerFacts, Credentials, ProvenanceHint } from '../contract/provenance.ts';
import type { Bytes } from './bytes.ts';
import { factsOf, type InfoTrack } from './facts.ts';
import { mayHoldCredentials } from './may-hold-credentials.ts';
import { withoutManifest } from './without-manifest.ts';

/** One part of the result. Each is yielded at once, because the next may take long or never finish. */
export type ProvenancePart =
	| { readonly kind: 'facts'; readonly facts: ContainerFacts | null; readonly hints: readonly ProvenanceHint[] }
	| { readonly kind: 'credentials'; readonly credentials: Credentials; readonly hints: readonly ProvenanceHint[] };

/** The libraries' WebAssembly modules. */
export type ProvenancePrograms = {
	/** Address or path of MediaInfo's module. */
	readonly mediaInfo: string;
	/** The module for Content Credentials: its bytes, or the response to a request for them. */
	credentials(): Uint8Array<ArrayBuffer> | Promise<Response>;
};

/** A file in the forms that the two libraries need. */
export type ProvenanceFile = {
	readonly bytes: Bytes;
	readonly blob: Blob;
	/** See `credentialFormat`; null = it cannot contain credentials. */
	readonly format: string | null;
};

/** Never uses the network, whatever a file refers to. No list of trusted signers is used. */
const settings = JSON.stringify({ verify: { remote_manifest_fetch: false, ocsp_fetch: false } });

/** Reads the provenance of a file. Run it in a separate process or worker: a hostile file may make it compute forever or exhaust memory. */
export async function* readProvenance(
	file: ProvenanceFile,
	programs: ProvenancePrograms,
): AsyncGenerator<ProvenancePart, void> {
	yield await readFacts(file, programs.mediaInfo);
	yield await readCredentials(file, programs);
}

async function readFacts({ bytes }: ProvenanceFile, path: string): Promise<ProvenancePart> {
	try {
		const mediaInfo = await mediaInfoFactory({ format: 'object', full: true, locateFile: () => path });
		const { media } = await mediaInfo.analyzeData(bytes.size, (length, at) => bytes.read(at, length));
		return { kind: 'facts', ...factsOf((media?.track ?? []) as unknown as InfoTrack[]) };
	} catch {
		return { kind: 'facts', facts: null, hints: [] };
	}
}

async function readCredentials(file: ProvenanceFile, programs: ProvenancePrograms): Promise<ProvenancePart> {
	const without = (state: Parameters<typeof withoutManifest>[0]): ProvenancePart => ({
		...{ kind: 'credentials', credentials: withoutManifest(state), hints: [] },
	});
	if (file.format === null || !mayHoldCredentials(file.bytes, file.format)) return without('none');
	const [{ default: initialise, WasmReader }, { credentialsOf }] = await Promise.all([
		import('@contentauth/c2pa-wasm'),
		import('./credentials.ts'),
	]);
	await initialise({ module_or_path: programs.credentials() });
	try {
		const reader = await WasmReader.fromBlob(file.format, file.blob, settings);
		return { kind: 'credentials', ...credentialsOf(reader.json()) };
	} catch (thrown) {
		const why = String(thrown);
		if (/JumbfNotFound|UnsupportedType/.test(why)) return without('none');
		return without(/Remote/.test(why) ? 'elsewhere' : 'unreadable');
	}
}
