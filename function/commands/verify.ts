import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { printable } from '../answer/printable.ts';
import { parseConfig } from '../config.ts';
import { type Report, type ReportSignature, reportSchema } from '../contract/report.ts';
import { AnalysisError, usageError } from '../errors.ts';
import { cropFileNames } from '../evidence/write-report.ts';
import { openEngine } from '../open-engine.ts';
import { checkSignature, type PictureFile } from '../signature/check-signature.ts';
import { keysFrom, type PublicKey } from '../signature/signing-key.ts';
import { createCommand, type DeclareCommand, type Io } from './command.ts';
import { runAnalysis } from './run-analysis.ts';

/**
 * `unmask verify`: checks who signed a report and that nothing was changed since. If the file is given, it also repeats the analysis; everything
 * except dates and timings must come out the same.
 */
export const verifyCommand: DeclareCommand = (io, done) =>
	createCommand('unmask verify', io)
		.description(
			'Checks the signature of a report and its pictures. If the file is given, checks that it is the analysed one, analyses it again with the same plan, and prints what differs.',
		)
		.argument('<report>', 'report.json of the earlier analysis')
		.argument('[file]', 'the analysed file')
		.option('--file <file>', 'the same')
		.option('--key <file|address>', "the signer's public keys: a JWK set, or the https address of one")
		.option('--authority <file>', 'PEM certificates that the time-stamp authority must chain to')
		.addHelpText('after', '\nExit status: 0 nothing differs, 3 something differs or was changed.')
		.action(async (reportPath, argument, { file = argument, ...trust }) =>
			done(await verify(reportPath, file, trust, io)),
		);

type Trust = { readonly key?: string | undefined; readonly authority?: string | undefined };

async function verify(
	reportPath: string,
	path: string | undefined,
	{ key, authority }: Trust,
	io: Io,
): Promise<number> {
	const trusted = key === undefined ? null : await readKeys(key);
	const { before, asWritten } = await readReport(reportPath);
	if (asWritten.signature || trusted || authority !== undefined || path === undefined) {
		const files = await picturesBeside(reportPath, asWritten);
		const signature = await checkSignature(asWritten, { trusted, files });
		io.stdout.write(`${signedText(signature, trusted !== null)}\n${await stampText(signature, authority)}\n`);
	} else io.stderr.write('The report is not signed.\n');
	return path === undefined ? 0 : repeat(before, path, io);
}

/** Who signed, and how much that proves. */
function signedText({ signer, key, signedAt }: ReportSignature, isTrusted: boolean): string {
	const name = signer === null ? 'no name' : JSON.stringify(printable(signer));
	const whose = isTrusted
		? 'It is one of the given keys.'
		: `Nothing here shows whose key that is: compare it with what the signer publishes (--key https://.../.well-known/jwks.json).`;
	return `The signature matches the report and its pictures.\nSigned at ${signedAt} under the name ${name} with the key ${key.kid}. ${whose}`;
}

/** Who vouches for the time of signing; if certificates are given, the authority must chain to one of them. */
async function stampText({ jws, timeStamp }: ReportSignature, authority: string | undefined): Promise<string> {
	if (!timeStamp) {
		if (authority !== undefined) throw new AnalysisError('timestamp-invalid', 'arguments', 'there is none');
		return "There is no time stamp from an authority: the time is the signer's own.";
	}
	const { certificatesFrom, checkTimeStamp } = await import('../signature/time-stamp.ts');
	const trusted = authority === undefined ? null : readCertificates(await readText(authority), certificatesFrom);
	const name = printable(await checkTimeStamp(timeStamp, jws, trusted));
	const whose = trusted
		? 'Its certificate chains to one of the given ones.'
		: 'Nothing here shows whether that authority can be trusted: give its certificates with --authority.';
	return `The signature existed at ${timeStamp.at}, according to the authority ${JSON.stringify(name)}. ${whose}`;
}

function readCertificates<T>(text: string, read: (text: string) => T): T {
	try {
		return read(text);
	} catch (cause) {
		throw usageError(`--authority takes certificates in PEM form (${(cause as Error).message}).`);
	}
}

async function repeat(before: Report, path: string, io: Io): Promise<number> {
	const { sha256 } = before.video;
	if ((await digestOfFile(path)) !== sha256) throw new AnalysisError('file-differs', 'arguments', path);
	const choice = { model: classifierOf(before), tier: null };
	const engine = await openEngine({ choice, onNotice: (text) => io.stderr.write(`${text}\n`) });
	try {
		const after = await runAnalysis(path, before.plan, engine.stages, io.signal);
		const differences = compareReports(before, after);
		io.stdout.write(
			differences.length === 0
				? 'The same: every figure of the report was reproduced.\n'
				: `${differences.join('\n')}\n`,
		);
		return differences.length === 0 ? 0 : 3;
	} finally {
		await engine.close();
	}
}

/** The classifier that was used: the plan may only say "the default one", which may have changed since. */
const classifierOf = ({ models, plan }: Report) => models.find(({ kind }) => kind === 'classifier')?.id ?? plan.model;

/** The report with fields that later versions added, and exactly as written, which is what was signed. */
async function readReport(path: string): Promise<{ readonly before: Report; readonly asWritten: Report }> {
	const text = await readText(path);
	try {
		const asWritten = JSON.parse(text);
		return { before: reportSchema.parse(asWritten), asWritten };
	} catch (cause) {
		throw new AnalysisError('report-invalid', 'arguments', path, { cause });
	}
}

/** The crops that `unmask analyse --out` wrote next to a report; empty if there is no such folder. */
async function picturesBeside(reportPath: string, report: Report): Promise<PictureFile[]> {
	const files = cropFileNames(report).map(async (name, index) => {
		const bytes = await readFile(join(dirname(reportPath), name)).catch(() => null);
		return bytes ? [{ name, index, bytes }] : [];
	});
	return (await Promise.all(files)).flat();
}

/** Largest key set that is read, in bytes. */
const maxKeyBytes = 64 * 1024;

async function readKeys(named: string): Promise<PublicKey[]> {
	const isAddress = /^https:\/\//i.test(named);
	if (!isAddress && /^[a-z]+:\/\//i.test(named))
		throw usageError(`--key takes a file or an https address, not '${named}'.`);
	const keys = await keysFrom(isAddress ? await fetchText(named) : await readText(named));
	if (keys.length === 0) throw usageError(`There is no Ed25519 key in ${named}.`);
	return keys;
}

async function fetchText(address: string): Promise<string> {
	const { createRules } = await import('../outgoing/guarded-request.ts');
	const { openLink } = await import('../outgoing/open-link.ts');
	const rules = createRules(parseConfig().UNMASK_OUTGOING_NETWORKS);
	const signal = AbortSignal.timeout(30_000);
	const { bytes } = await openLink(address, { rules, signal, maxBytes: maxKeyBytes, httpsOnly: true });
	const chunks: Buffer[] = [];
	for await (const chunk of bytes) {
		chunks.push(chunk);
		if (chunks.reduce((sum, { length }) => sum + length, 0) > maxKeyBytes)
			throw usageError('That is too large to be a key set.');
	}
	return Buffer.concat(chunks).toString();
}

async function digestOfFile(path: string): Promise<string> {
	const hash = createHash('sha256');
	try {
		for await (const chunk of createReadStream(path)) hash.update(chunk);
	} catch (cause) {
		throw new AnalysisError('file-not-found', 'arguments', path, { cause });
	}
	return hash.digest('hex');
}

const readText = (path: string) =>
	readFile(path, 'utf8').catch((cause) => {
		throw new AnalysisError('file-not-found', 'arguments', path, { cause });
	});

/** Maximum number of differences listed. */
const maxListed = 20;

/** Numbers this close are the same: other processors and thread counts add the same products in a different order. */
const tolerance = 1e-3;

/** The differences between two reports, one line each (`path: before -> after`). File names, dates and timings do not count, nor do numbers that differ by less than 0.001. */
export function compareReports(before: Report, after: Report): string[] {
	const isKnown = before.provenance !== null; // earlier versions did not read it
	const found = differences('', comparable(before), comparable(isKnown ? after : { ...after, provenance: null }));
	return found.length > maxListed
		? [...found.slice(0, maxListed), `… and ${found.length - maxListed} more differences.`]
		: found;
}

/**
 * The report without what may differ: the sentence's language, and fields that earlier reports lack and that follow from the rest (the
 * headline from tracks, tier and calibration from the classifier's digest).
 */
function comparable(given: Report) {
	const { timings: _t, createdAt: _c, fileName: _f, calibration: _k, signature: _g, classifier, ...report } = given;
	const { sentence: _s, headline: _h, ...verdict } = report.verdict;
	return { ...report, verdict, classifier: classifier && { ...classifier, tier: null } };
}

function differences(path: string, a: unknown, b: unknown): string[] {
	if (Object.is(a, b)) return [];
	if (typeof a === 'number' && typeof b === 'number' && Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a)))
		return [];
	if (isTree(a) && isTree(b)) {
		const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
		return [...keys].flatMap((key) => differences(path ? `${path}.${key}` : key, a[key], b[key]));
	}
	return [`${path}: ${short(a)} -> ${short(b)}`];
}

const isTree = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const short = (value: unknown) => {
	const text = JSON.stringify(value) ?? 'nothing';
	return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};
