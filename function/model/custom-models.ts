import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { errorRateSchema } from '../contract/report.ts';
import { AnalysisError } from '../errors.ts';
import { writeWhole } from '../files/write-whole.ts';
import { customCalibrationSchema } from '../verdict/calibration.ts';
import { specSchema } from './spec.ts';

/**
 * Models that a user imported. Each has its own folder in the user's models folder:
 *
 *     NAME/model.json, NAME/NAME.onnx, NAME/calibration.json, _measurements/MODEL-SET.json
 *
 * Models share no files, so no lock is needed: a folder is renamed into place once it is complete.
 */

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

/** Id of a model: its name in a plan, and the name of its folder. */
export const modelIdSchema = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/);

/** Schema of model.json. */
export const modelFileSchema = z.object({
	id: modelIdSchema,
	file: z.string().regex(/^[\w.-]+\.onnx$/),
	sha256: sha256Schema,
	bytes: z.number().int().positive(),
	/** The legacy application's network, which allows the legacy modes; null for any other classifier. */
	network: z.literal('resnext50-lstm').nullable(),
	/** What the name of the weights file claims; not measured here. */
	hint: z.object({ frames: z.number().int().nullable(), accuracy: z.number().nullable() }).nullable(),
	spec: specSchema,
	licence: z.string(),
	madeBy: z.string(),
	/** ISO 8601, UTC. */
	addedAt: z.string(),
});
/** The content of model.json. */
export type ModelFile = Readonly<z.infer<typeof modelFileSchema>>;

/** A custom model as read from disk. */
export type CustomModel = ModelFile & {
	/** Folder of the ONNX file. */
	readonly folder: string;
	/** Measured on the user's own labelled files; null if never measured, in which case the model gives no likely-* verdict. */
	readonly calibration: z.infer<typeof customCalibrationSchema> | null;
};

/** Schema of calibration.json, which is valid only for the graph that was measured. */
const calibrationFileSchema = z.object({ sha256: sha256Schema, calibration: customCalibrationSchema });

/** Schema of a file in `_measurements`. */
export const measurementSchema = z.object({
	/** SHA-256 of the measured model's file. */
	sha256: sha256Schema,
	/** SHA-256 of list, labels and plan: measurements with the same value can be compared. */
	setSha256: sha256Schema,
	/** Display name of the set. */
	set: z.string(),
	n: z.number().int(),
	auc: z.number().min(0).max(1),
	interval: errorRateSchema.shape.interval.nullable(),
	measuredAt: z.string(),
});
/** The AUC of a model on a set, measured by `unmask eval`. */
export type Measurement = Readonly<z.infer<typeof measurementSchema>>;

/** The user's models, and the measurements made here of these and of the shipped ones. */
export type CustomModels = { readonly models: readonly CustomModel[]; readonly measurements: readonly Measurement[] };

/** The list of all models that versions before 0.2 kept beside their files. */
const listSchema = z.object({
	version: z.literal(1),
	models: z.array(modelFileSchema.extend({ calibration: customCalibrationSchema.nullable() })),
	measurements: z.array(measurementSchema),
});
const listName = 'manifest.json';
const measurementsName = '_measurements'; // no model can have this name

/** Reads the custom models in a folder, oldest first; none if there is no folder. Throws model-damaged. */
export async function readCustomModels(folder: string): Promise<CustomModels> {
	const [list, found, measurements] = await Promise.all([
		readList(folder),
		namesIn(folder).then((names) => Promise.all(names.filter(isId).map((name) => readCustomModel(folder, name)))),
		readMeasurements(folder),
	]);
	const models = found.filter((model) => model !== null);
	const listed = list?.models.filter(({ id }) => !models.some(isCalled(id))).map((model) => ({ ...model, folder }));
	return {
		models: [...models, ...(listed ?? [])].toSorted(
			(a, b) => a.addedAt.localeCompare(b.addedAt) || a.id.localeCompare(b.id),
		),
		measurements: [...(list?.measurements ?? []).filter((old) => !measurements.some(isOfSame(old))), ...measurements],
	};
}

const isId = (name: string) => modelIdSchema.safeParse(name).success;
const isCalled = (id: string) => (model: ModelFile) => model.id === id;
const isOfSame = (one: Measurement) => (other: Measurement) =>
	other.sha256 === one.sha256 && other.setSha256 === one.setSha256;

/** A model to add; digest and size are computed from its file. */
export type NewModel = Pick<ModelFile, 'id' | 'spec' | 'licence' | 'madeBy'> &
	Partial<Pick<ModelFile, 'network' | 'hint'>> & {
		/** The ONNX file, which is copied. */
		readonly path: string;
		/** Expected SHA-256, hexadecimal; unset to accept any. */
		readonly sha256?: string | undefined;
	};

/**
 * Copies a model into the user's folder, all or nothing. Does not check it against its spec; call `checkModel` first.
 * Throws usage (invalid id), model-exists, model-missing, model-damaged (wrong digest), write-failed.
 */
export async function addModel(folder: string, model: NewModel): Promise<CustomModel> {
	const { id, spec, licence, madeBy, network = null, hint = null } = model;
	if (!isId(id))
		throw new AnalysisError(
			'usage',
			'arguments',
			`'${id}' is not a valid model name: use lower-case letters, digits, dots and dashes, at most 64.`,
		);
	await migrate(folder);
	if ((await readCustomModels(folder)).models.some(isCalled(id)))
		throw new AnalysisError('model-exists', 'arguments', id);
	const isFile = await stat(model.path).then(
		(found) => found.isFile(),
		() => false,
	);
	if (!isFile) throw new AnalysisError('model-missing', 'arguments', model.path);
	const file = `${id}.onnx`;
	const addedAt = new Date().toISOString();
	const entry = await place(folder, id, async (partial) => {
		const copied = await writeWhole(join(partial, file), createReadStream(model.path));
		if (model.sha256 !== undefined && model.sha256 !== copied.sha256)
			throw new AnalysisError('model-damaged', 'environment', `SHA-256 is ${copied.sha256}, not ${model.sha256}`);
		const document: ModelFile = { id, file, ...copied, network, hint, spec, licence, madeBy, addedAt };
		await writeWhole(join(partial, 'model.json'), textOf(modelFileSchema.parse(document)));
		return document;
	});
	if (!entry) throw new AnalysisError('model-exists', 'arguments', id); // added in the meantime
	return { ...entry, folder: join(folder, id), calibration: null };
}

/** Deletes a model but keeps its measurements. Throws model-unknown, write-failed. */
export async function removeModel(folder: string, id: string): Promise<void> {
	await migrate(folder);
	const { models } = await readCustomModels(folder);
	const known = models.map((model) => model.id).join(', ') || 'none';
	const unknown = new AnalysisError('model-unknown', 'arguments', `${id} is not a custom model; known: ${known}`);
	if (!models.some(isCalled(id))) throw unknown;
	const removed = join(folder, partialName());
	await orWriteFailed(folder, async () => {
		await rename(join(folder, id), removed).catch((thrown) => {
			throw isMissing(thrown) ? unknown : thrown;
		});
		await rm(removed, { recursive: true, force: true });
	});
}

/** Stores an AUC and replaces an earlier one of the same model on the same set. Throws write-failed, model-damaged. */
export async function keepMeasurement(folder: string, measurement: Measurement): Promise<void> {
	await migrate(folder);
	await orWriteFailed(folder, () => writeMeasurement(folder, measurement));
}

/** Stores the calibration of a custom model; throws model-unknown, write-failed, model-damaged. */
export async function keepCalibration(
	folder: string,
	id: string,
	calibration: NonNullable<CustomModel['calibration']>,
): Promise<void> {
	await migrate(folder);
	const model = await readCustomModel(folder, id);
	if (!model) throw new AnalysisError('model-unknown', 'arguments', `${id} is not a custom model`);
	await orWriteFailed(folder, () => writeCalibration(model.folder, model.sha256, calibration));
}

/** Moves each model of an old list into its own folder and deletes the list. A concurrent migration, or one after a crash, completes it. */
async function migrate(folder: string): Promise<void> {
	const list = await readList(folder);
	if (!list) return;
	await orWriteFailed(folder, async () => {
		for (const { calibration, ...document } of list.models)
			await place(folder, document.id, async (partial) => {
				await copyFile(join(folder, document.file), join(partial, document.file)).catch(() => {}); // a missing file stays missing
				await writeWhole(join(partial, 'model.json'), textOf(document));
				if (calibration) await writeCalibration(partial, document.sha256, calibration);
			});
		for (const measurement of list.measurements) await writeMeasurement(folder, measurement);
		await rm(join(folder, listName), { force: true });
		for (const { file } of list.models) await rm(join(folder, file), { force: true });
		await rm(join(folder, `${listName}.lock`), { force: true });
	});
}

/** Lets `fill` build a model's folder under a temporary name and moves it into place; null if the name is taken. A failure leaves nothing behind. */
async function place<T>(folder: string, id: string, fill: (partial: string) => Promise<T>): Promise<T | null> {
	const partial = join(folder, partialName());
	const move = async () => {
		try {
			await rename(partial, join(folder, id));
			return true;
		} catch (thrown) {
			if (await readCustomModel(folder, id)) return false;
			throw thrown;
		}
	};
	try {
		return await orWriteFailed(folder, async () => {
			await mkdir(partial, { recursive: true });
			const filled = await fill(partial);
			return (await move()) ? filled : null;
		});
	} finally {
		await rm(partial, { recursive: true, force: true }).catch(() => {});
	}
}

const partialName = () => `.${randomBytes(8).toString('hex')}.partial`;

async function readList(folder: string): Promise<z.infer<typeof listSchema> | null> {
	return readDocument(join(folder, listName), listSchema);
}

async function readCustomModel(folder: string, id: string): Promise<CustomModel | null> {
	const own = join(folder, id);
	const [model, measured] = await Promise.all([
		readDocument(join(own, 'model.json'), modelFileSchema),
		readDocument(join(own, 'calibration.json'), calibrationFileSchema),
	]);
	if (model === null) return null;
	return { ...model, folder: own, calibration: measured?.sha256 === model.sha256 ? measured.calibration : null };
}

const writeCalibration = (own: string, sha256: string, calibration: NonNullable<CustomModel['calibration']>) =>
	writeWhole(join(own, 'calibration.json'), textOf(calibrationFileSchema.parse({ sha256, calibration })));

async function readMeasurements(folder: string): Promise<Measurement[]> {
	const own = join(folder, measurementsName);
	const names = (await namesIn(own)).filter((name) => name.endsWith('.json'));
	const read = await Promise.all(names.map((name) => readDocument(join(own, name), measurementSchema)));
	return read.filter((measurement) => measurement !== null);
}

async function writeMeasurement(folder: string, measurement: Measurement): Promise<void> {
	const own = join(folder, measurementsName);
	const { sha256, setSha256 } = measurement;
	await mkdir(own, { recursive: true });
	const name = `${sha256.slice(0, 16)}-${setSha256.slice(0, 16)}.json`;
	await writeWhole(join(own, name), textOf(measurementSchema.parse(measurement)));
}

/** Names in a folder; none if there is no folder. */
async function namesIn(folder: string): Promise<string[]> {
	try {
		return await readdir(folder);
	} catch (cause) {
		if (isMissing(cause)) return [];
		throw new AnalysisError('model-damaged', 'environment', `${folder}: ${(cause as Error).message}`, { cause });
	}
}

/** Reads and checks a JSON document; null if there is no such file. Throws model-damaged. */
async function readDocument<S extends z.ZodType>(path: string, schema: S): Promise<z.infer<S> | null> {
	let text: string;
	try {
		text = await readFile(path, 'utf8');
	} catch (cause) {
		if (isMissing(cause)) return null;
		throw new AnalysisError('model-damaged', 'environment', `${path}: ${(cause as Error).message}`, { cause });
	}
	try {
		return schema.parse(JSON.parse(text));
	} catch (cause) {
		throw new AnalysisError('model-damaged', 'environment', `${path} does not describe a model`, { cause });
	}
}

const textOf = (document: unknown) => `${JSON.stringify(document, null, '\t')}\n`;

const isMissing = (thrown: unknown) => ['ENOENT', 'ENOTDIR'].includes((thrown as NodeJS.ErrnoException).code ?? '');

/** Runs `work`; an unexpected error becomes write-failed. */
async function orWriteFailed<T>(folder: string, work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (thrown) {
		if (thrown instanceof AnalysisError) throw thrown;
		throw new AnalysisError('write-failed', 'write', `${folder}: ${(thrown as Error).message}`, { cause: thrown });
	}
}
