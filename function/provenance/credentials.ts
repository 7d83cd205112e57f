import { z } from 'zod';
import type { CredentialManifest, Credentials, ProvenanceHint } from '../contract/provenance.ts';
import { lastPart, sourceHints } from './facts.ts';
import { truncate } from './truncate.ts';

/** Limits of what is reported; a hostile file may contain any number of claims, actions and ingredients. */
const limits = { manifests: 10, actions: 50, ingredients: 20, problems: 20 };

const text = z.string().nullish().catch(null);
const list = <T extends z.ZodType>(of: T) => z.array(of).catch([]).default([]);
const agent = z
	.union([z.string(), z.object({ name: text })])
	.nullish()
	.catch(null);
const assertionSchema = z.object({
	label: z.string(),
	data: z
		.looseObject({
			actions: list(
				z.object({ action: z.string().catch(''), digitalSourceType: text, softwareAgent: agent, when: text }),
			),
		})
		.catch({ actions: [] }),
});
const manifestSchema = z.object({
	title: text,
	claim_generator: text,
	claim_generator_info: list(z.object({ name: text, version: text })),
	assertions: list(assertionSchema),
	ingredients: list(z.object({ title: text, relationship: text, active_manifest: text })),
	signature_info: z.object({ issuer: text, common_name: text, time: text }).nullish().catch(null),
});
const storeSchema = z.object({
	active_manifest: text,
	manifests: z.record(z.string(), manifestSchema),
	validation_state: z.string().optional(),
	validation_status: list(z.object({ code: z.string() })),
});
type StoredManifest = z.infer<typeof manifestSchema>;

/** Codes to ignore: no list of trusted signers is used, which `trust` already reports. */
const ignoredCodes: ReadonlySet<string> = new Set(['signingCredential.untrusted']);

/** Converts the library's JSON to the contract's form; throws ZodError if it has another shape. */
export function credentialsOf(json: string): { credentials: Credentials; hints: ProvenanceHint[] } {
	const store = storeSchema.parse(JSON.parse(json));
	const inOrder = activeFirst(store.manifests, store.active_manifest ?? null).slice(0, limits.manifests);
	const manifests = inOrder.map(manifestOf);
	const isValid = store.validation_state === 'Valid' || store.validation_state === 'Trusted';
	const codes = new Set(
		store.validation_status.map(({ code }) => truncate(code)).filter((code) => !ignoredCodes.has(code)),
	);
	const sources = manifests.flatMap(({ actions }) =>
		actions.flatMap(({ sourceType }) => sourceHints(sourceType, 'credentials')),
	);
	return {
		credentials: {
			state: isValid ? 'valid' : 'invalid',
			trust: 'not-checked',
			problems: isValid ? [] : [...codes].slice(0, limits.problems),
			manifests,
		},
		hints: [...new Map(sources.map((hint) => [hint.name, hint])).values()],
	};
}

/** The active manifest, then those of its ingredients, breadth-first. */
function activeFirst(all: Readonly<Record<string, StoredManifest>>, active: string | null): StoredManifest[] {
	const seen = new Set<string>();
	const waiting = active === null ? Object.keys(all) : [active];
	for (let label = waiting.shift(); label !== undefined; label = waiting.shift()) {
		if (seen.has(label) || !Object.hasOwn(all, label)) continue;
		seen.add(label);
		waiting.push(...(all[label]?.ingredients ?? []).flatMap(({ active_manifest }) => active_manifest ?? []));
	}
	return [...seen].flatMap((label) => all[label] ?? []);
}

function manifestOf({ title, signature_info, ...manifest }: StoredManifest): CredentialManifest {
	const [info] = manifest.claim_generator_info;
	const named = info?.name ? [info.name, info.version].filter(Boolean).join(' ') : manifest.claim_generator;
	return {
		title: truncated(title),
		generator: truncated(named),
		signer: truncated(signature_info?.common_name),
		organisation: truncated(signature_info?.issuer),
		signedAt: truncated(signature_info?.time),
		actions: manifest.assertions
			.filter(({ label }) => /^c2pa\.actions(\.v\d+)?$/.test(label.replace(/__\d+$/, '')))
			.flatMap(({ data }) => data.actions)
			.slice(0, limits.actions)
			.map(({ action, digitalSourceType, softwareAgent, when }) => ({
				action: truncate(action),
				sourceType: lastPart(truncated(digitalSourceType)),
				software: truncated(typeof softwareAgent === 'string' ? softwareAgent : softwareAgent?.name),
				when: truncated(when),
			})),
		ingredients: manifest.ingredients
			.slice(0, limits.ingredients)
			.map((ingredient) => ({ title: truncated(ingredient.title), relationship: truncated(ingredient.relationship) })),
	};
}

const truncated = (value: string | null | undefined): string | null => (value ? truncate(value) : null);
