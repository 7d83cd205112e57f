import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { errorRateSchema } from '../contract/report.ts';
import { AnalysisError } from '../errors.ts';
import { writeWhole } from '../files/write-whole.ts';
import { ownCalibrationSchema } from '../verdict/calibration.ts';
import { specSchema } from './spec.ts';

/** Models that a user brought: files and a manifest in a folder of the user's, never in the program's. */

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

/** Name of a model: what a plan asks for, and the name of its file. */
export const modelIdSchema = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/);

const ownModelSchema = z.object({
	id: modelIdSchema,
	file: z.string().regex(/^[\w.-]+\.onnx$/),
	sha256: sha256Schema,
	bytes: z.number().int().positive(),
	/** Network of the older application, whose modes it can be read in; null = any other classifier. */
	network: z.literal('resnext50-lstm').nullable(),
	/** What the name of the weights' file says of it; nobody measured it here. */
	hint: z.object({ frames: z.number().int().nullable(), accuracy: z.number().nullable() }).nullable(),
	spec: specSchema,
	/** Measured on the user's own labelled files; null = never, and then the model gives no likely-* answer. */
	calibration: ownCalibrationSchema.nullable(),
	licence: z.string(),
	madeBy: z.string(),
	/** ISO 8601, UTC. */
	addedAt: z.string(),
});
/** A model that a user brought. */
export type OwnModel = Readonly<z.infer<typeof ownModelSchema>>;

const measurementSchema = z.object({
	/** Digest of the measured model's file. */
	sha256: sha256Schema,
	/** Digest of list, labels and plan: two measurements with the same can be compared. */
	setSha256: sha256Schema,
	/** What was measured, for people. */
	set: z.string(),
	n: z.number().int(),
	auc: z.number().min(0).max(1),
	interval: errorRateSchema.shape.interval.nullable(),
	measuredAt: z.string(),
});
const ownManifestSchema = z.object({
	version: z.literal(1),
	models: z.array(ownModelSchema),
	/** Of these models and of the program's. */
	measurements: z.array(measurementSchema),
});
/** The user's models and what was measured here. */
export type OwnManifest = Readonly<z.infer<typeof ownManifestSchema>>;

const none: OwnManifest = { version: 1, models: [], measurements: [] };
const manifestName = 'manifest.json';

/** The models in a folder of the user's; none where there is no folder. Throws model-damaged. */
export async function readOwnModels(folder: string): Promise<OwnManifest> {
	const path = join(folder, manifestName);
	let text: string;
	try {
		text = await readFile(path, 'utf8');
	} catch (cause) {
		const { code, message } = cause as NodeJS.ErrnoException;
		if (code === 'ENOENT' || code === 'ENOTDIR') return none;
		throw new AnalysisError('model-damaged', 'environment', `${path}: ${message}`, { cause });
	}
	try {
		return ownManifestSchema.parse(JSON.parse(text));
	} catch (cause) {
		throw new AnalysisError('model-damaged', 'environment', `${path} is not a list of models`, { cause });
	}
}

/** What is told of a model that is added; digest and size are taken from its file. */
export type NewModel = Pick<OwnModel, 'id' | 'spec' | 'licence' | 'madeBy'> &
	Partial<Pick<OwnModel, 'network' | 'hint'>> & {
		/** The ONNX file; it is copied and stays where it is. */
		readonly path: string;
		/** What its SHA-256 has to be, hexadecimal; otherwise whatever it is. */
		readonly sha256?: string | undefined;
	};

/**
 * Copies a model into the folder and lists it there, all or nothing. Whether it does what its spec says is `checkModel`'s to find out
 * before. Throws usage (an id that cannot be a name), model-exists, model-missing, model-damaged (another digest), write-failed.
 */
export async function addModel(folder: string, model: NewModel): Promise<OwnModel> {
	const { id, spec, licence, madeBy, network = null, hint = null } = model;
	if (!modelIdSchema.safeParse(id).success)
		throw new AnalysisError(
			'usage',
			'arguments',
			`'${id}' cannot be a model's name: small letters, digits, dots and dashes, 64 at most.`,
		);
	if ((await readOwnModels(folder)).models.some(isCalled(id))) throw new AnalysisError('model-exists', 'arguments', id);
	const file = `${id}.onnx`;
	const { sha256, bytes, partial } = await copyIn(folder, model.path);
	try {
		if (model.sha256 !== undefined && model.sha256 !== sha256)
			throw new AnalysisError('model-damaged', 'environment', `SHA-256 is ${sha256}, not ${model.sha256}`);
		const entry: OwnModel = {
			...{ id, file, sha256, bytes, network, hint, spec, calibration: null, licence, madeBy },
			addedAt: new Date().toISOString(),
		};
		await inTurn(folder, async () => {
			const own = await readOwnModels(folder);
			if (own.models.some(isCalled(id))) throw new AnalysisError('model-exists', 'arguments', id); // since it was looked for
			await rename(partial, join(folder, file));
			await writeOwnModels(folder, { ...own, models: [...own.models, entry] }).catch(async (thrown: unknown) => {
				await rm(join(folder, file), { force: true });
				throw thrown;
			});
		});
		return entry;
	} finally {
		await rm(partial, { force: true }).catch(() => {});
	}
}

const isCalled = (id: string) => (model: OwnModel) => model.id === id;

/** Takes a model off the list, then its file; what was measured of it stays. Throws model-unknown, write-failed. */
export async function removeModel(folder: string, id: string): Promise<void> {
	const find = ({ models }: OwnManifest): OwnModel => {
		const entry = models.find(isCalled(id));
		if (entry) return entry;
		const known = models.map((model) => model.id).join(', ') || 'none';
		throw new AnalysisError('model-unknown', 'arguments', `${id} is not one of your own; those are: ${known}`);
	};
	find(await readOwnModels(folder)); // before anything is written
	await inTurn(folder, async () => {
		const own = await readOwnModels(folder);
		const entry = find(own);
		await writeOwnModels(folder, { ...own, models: own.models.filter((model) => model !== entry) });
		await rm(join(folder, entry.file), { force: true });
	});
}

/** Keeps an AUC; an earlier one of the same model on the same set is replaced. Throws write-failed, model-damaged. */
export async function keepMeasurement(folder: string, measurement: OwnManifest['measurements'][number]): Promise<void> {
	const { sha256, setSha256 } = measurement;
	await inTurn(folder, async () => {
		const own = await readOwnModels(folder);
		const others = own.measurements.filter((other) => other.sha256 !== sha256 || other.setSha256 !== setSha256);
		await writeOwnModels(folder, { ...own, measurements: [...others, measurement] });
	});
}

/** Keeps a calibration of one of the user's models; throws write-failed, model-damaged. */
export async function keepCalibration(folder: string, id: string, calibration: OwnModel['calibration']): Promise<void> {
	await inTurn(folder, async () => {
		const own = await readOwnModels(folder);
		const models = own.models.map((model) => (model.id === id ? { ...model, calibration } : model));
		await writeOwnModels(folder, { ...own, models });
	});
}

const writeOwnModels = (folder: string, own: OwnManifest) =>
	writeWhole(join(folder, manifestName), `${JSON.stringify(ownManifestSchema.parse(own), null, '\t')}\n`);

/** A change of the list takes milliseconds: a lock of this age was left by a program that was killed. */
const leftMs = 10_000;
const lookAgainMs = 20;

/** Does what reads the list and writes it again while no other program does; an unexpected fault becomes write-failed. */
async function inTurn(folder: string, work: () => Promise<void>): Promise<void> {
	const lock = join(folder, `${manifestName}.lock`);
	try {
		await mkdir(folder, { recursive: true });
		while (!(await takes(lock))) {
			const since = await stat(lock).catch(() => null);
			if (since && Date.now() - since.mtimeMs > leftMs) await rm(lock, { force: true });
			else await wait(lookAgainMs);
		}
		await work().finally(() => rm(lock, { force: true }));
	} catch (thrown) {
		throw thrown instanceof AnalysisError ? thrown : writeFailed(folder, thrown);
	}
}

/** Makes the lock where there is none: whether it did. */
async function takes(lock: string): Promise<boolean> {
	try {
		await (await open(lock, 'wx')).close();
		return true;
	} catch (thrown) {
		if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return false;
		throw thrown;
	}
}

/** The file's bytes beside their place, on disk and digested. */
async function copyIn(folder: string, path: string) {
	const partial = join(folder, `.${randomBytes(8).toString('hex')}.partial`);
	const isFile = await stat(path).then(
		(found) => found.isFile(),
		() => false,
	);
	if (!isFile) throw new AnalysisError('model-missing', 'arguments', path);
	const hash = createHash('sha256');
	let bytes = 0;
	const digest = new Transform({
		transform(chunk: Buffer, _, done) {
			hash.update(chunk);
			bytes += chunk.length;
			done(null, chunk);
		},
	});
	try {
		await mkdir(folder, { recursive: true });
		await pipeline(createReadStream(path), digest, createWriteStream(partial, { flags: 'wx' }));
		const file = await open(partial, 'r+');
		await file.sync().finally(() => file.close());
	} catch (thrown) {
		await rm(partial, { force: true }).catch(() => {});
		throw writeFailed(folder, thrown);
	}
	return { partial, bytes, sha256: hash.digest('hex') };
}

function writeFailed(folder: string, thrown: unknown): AnalysisError {
	const detail = thrown instanceof Error ? thrown.message : String(thrown);
	return new AnalysisError('write-failed', 'write', `${folder}: ${detail}`, { cause: thrown });
}
