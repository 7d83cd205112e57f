import type { ContainerFacts, ProvenanceHint } from '../contract/provenance.ts';
import { truncate } from './truncate.ts';

/** A track in MediaInfo's result. */
export type InfoTrack = Readonly<Record<string, unknown>> & { readonly '@type'?: unknown };

/** Reads the container's facts, and the hints that follow from them, from MediaInfo's fields, which have the same names in every format. */
export function factsOf(tracks: readonly InfoTrack[]): { facts: ContainerFacts; hints: ProvenanceHint[] } {
	const general = trackOf(tracks, 'General');
	const picture = trackOf(tracks, 'Video') ?? trackOf(tracks, 'Image');
	const extra = recordOf(general?.extra);
	const of = (track: InfoTrack | undefined, ...names: string[]) => firstText(names.map((name) => track?.[name]));
	const createdAt = of(general, 'Recorded_Date', 'Encoded_Date');
	const changedAt = of(general, 'Tagged_Date');
	const facts: ContainerFacts = {
		createdAt,
		changedAt: changedAt === createdAt ? null : changedAt,
		device: of(general, 'Encoded_Hardware_String', 'Encoded_Hardware_Name'),
		software:
			of(general, 'Encoded_Application_String', 'Encoded_Application', 'Encoded_OperatingSystem_String') ??
			firstText([extra.encoder, general?.Encoded_Library_String]),
		encoder: of(picture, 'Encoded_Library_String', 'Encoded_Library'),
		hasLocation: hasLocation(general) || Object.keys(extra).some((name) => /^(location|gps)/i.test(name)),
		sourceType: lastPart(firstText([extra.DigitalSourceType])),
	};
	const words = [general, picture, extra].flatMap((part) => Object.values(part ?? {})).filter(isText);
	return { facts, hints: hintsOf(facts, extra, words) };
}

/** IPTC digital source types that declare the use of a generative model. */
const generative: ReadonlySet<string> = new Set(['trainedAlgorithmicMedia', 'compositeWithTrainedAlgorithmicMedia']);

/** The hint that a source type gives; empty for those of a camera or a person. */
export const sourceHints = (sourceType: string | null, from: ProvenanceHint['from']): ProvenanceHint[] =>
	sourceType !== null && generative.has(sourceType) ? [{ code: 'generative-source', name: sourceType, from }] : [];

/** Programs that generate pictures and videos of people, by the names that they write to files. */
const generators =
	/stable diffusion|comfyui|invokeai|automatic1111|novelai|midjourney|dall[·-]?e|firefly|openai|\bsora\b|runway|\bpika\b|\bkling\b|hailuo|heygen|synthesia|d-id\b|luma ai|dream machine|\bveo\b|imagen|google ai|\bflux\b|leonardo\.ai|deepfacelab|faceswap|facefusion|reface|avatarify/i;
/** Programs that edit videos and pictures. */
const editors =
	/premiere|after effects|photoshop|lightroom|media encoder|final cut|imovie|davinci|resolve|capcut|inshot|kinemaster|filmora|vegas|avid|kdenlive|shotcut|openshot|gimp|handbrake|camtasia|affinity|snapseed|vn video|clipchamp/i;
/** Software encoders; cameras and phones encode in hardware. */
const softwareEncoders = /x264|x265|libvpx|lavc|svt-av1|libaom|rav1e|xvid|divx/i;

/** Keys of PNG texts and of metadata in which generators store their parameters. */
const parameterKeys: Readonly<Record<string, string>> = {
	parameters: 'Stable Diffusion web UI',
	prompt: 'ComfyUI',
	workflow: 'ComfyUI',
	invokeai_metadata: 'InvokeAI',
	'sd-metadata': 'InvokeAI',
	dream: 'InvokeAI',
	fooocus_scheme: 'Fooocus',
};
/** Patterns of the comments that the Stable Diffusion web UI and ComfyUI's video nodes write. */
const parameterTexts: readonly (readonly [RegExp, string])[] = [
	[/Steps: \d+, Sampler: /, 'Stable Diffusion web UI'],
	[/^\s*\{.*"workflow"\s*:/s, 'ComfyUI'],
];

function hintsOf(
	{ software, encoder, sourceType }: ContainerFacts,
	extra: Readonly<Record<string, unknown>>,
	words: readonly string[],
): ProvenanceHint[] {
	const hints = sourceHints(sourceType, 'container');
	const add = (code: ProvenanceHint['code'], name: string | null | undefined) =>
		name && hints.push({ code, name: truncate(name), from: 'container' });
	const byKey = Object.keys(extra).map((key) => parameterKeys[key.toLowerCase()]);
	const byText = parameterTexts.flatMap(([pattern, name]) => (words.some((word) => pattern.test(word)) ? [name] : []));
	add('generator-parameters', [...byKey, ...byText].find(isText));
	const named = [software, encoder].filter(isText);
	add(
		'generator-name',
		named.find((name) => generators.test(name)),
	);
	add(
		'editor',
		named.find((name) => editors.test(name)),
	);
	add(
		'ffmpeg',
		named.find((name) => /lavf/i.test(name)),
	);
	add('software-encoder', encoder !== null && softwareEncoders.test(encoder) ? encoder : null);
	return hints;
}

const trackOf = (tracks: readonly InfoTrack[], type: string) => tracks.find((track) => track['@type'] === type);
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const firstText = (values: readonly unknown[]): string | null => {
	const found = values.find(isText);
	return found === undefined ? null : truncate(found);
};
const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
const hasLocation = (general: InfoTrack | undefined) =>
	Object.entries(general ?? {}).some(([name, value]) => name.startsWith('Recorded_Location') && isText(value));
/** The last segment of an address. */
export const lastPart = (address: string | null): string | null => address?.split(/[/#]/).at(-1) || null;
