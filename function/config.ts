import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { tierSchema } from './contract/plan.ts';
import { AnalysisError } from './errors.ts';

const configSchema = z.object({
	/** Path of the ffmpeg program; null = look for it. */
	FFMPEG_PATH: z.string().min(1).nullable().default(null),
	/** Folders in which ffmpeg is looked for. */
	PATH: z.string().default('/usr/local/bin:/usr/bin:/bin'),
	/** Folder with manifest.json and the model files. */
	UNMASK_MODELS: z.string().min(1).default(join(packageRoot(), 'models')),
	/** Folder of the custom models; null = `models` in the folder of UNMASK_DATA. */
	UNMASK_CUSTOM_MODELS: z.string().min(1).nullable().default(null),
	/** Which of those the service offers to its clients: `none`, `all`, or comma-separated names. The command line takes any. */
	UNMASK_OFFER_MODELS: z.string().min(1).default('none'),
	/** Set by the service for the process that runs the models: which of them it may use; `all` elsewhere. */
	UNMASK_ALLOWED_MODELS: z.string().min(1).default('all'),
	/** A model that the service imports when it starts, for containers: a file or gs://BUCKET/OBJECT, ONNX or weights of the legacy application; null = none. */
	UNMASK_IMPORT_MODEL: z.string().min(1).nullable().default(null),
	/** What its SHA-256 has to be, hexadecimal. */
	UNMASK_IMPORT_SHA256: z
		.string()
		.regex(/^[0-9a-f]{64}$/)
		.nullable()
		.default(null),
	/** Of an ONNX file: a preset of `unmask models add`, or the address of a spec, file or gs://. */
	UNMASK_IMPORT_SPEC: z.string().min(1).nullable().default(null),
	/** Where models run; auto = CUDA if it works, else the CPU. */
	UNMASK_PROVIDER: z.enum(['auto', 'cpu', 'cuda']).default('auto'),
	/** Which of the program's own classifiers judges where none is named: `auto` = thorough on a GPU, if it is installed, else fast. */
	UNMASK_TIER: z.enum(['auto', ...tierSchema.options]).default('auto'),
	/** What decodes: auto = NVIDIA's decoder where models run on CUDA and it gives the CPU's frames, else the CPU. */
	UNMASK_DECODER: z.enum(['auto', 'cpu']).default('auto'),
	/** Threads of one model run; 0 = as many as there are cores. */
	UNMASK_THREADS: z.coerce.number().int().min(0).max(256).default(0),

	/** Address and port that the service listens at; 127.0.0.1 = this machine only. */
	HOST: z.string().min(1).default('127.0.0.1'),
	PORT: z.coerce.number().int().min(0).max(65535).default(8080),
	/** Folder of uploads and reports when they are kept on disk; null = `.unmask` in the working folder. */
	UNMASK_DATA: z.string().min(1).nullable().default(null),
	/** Bucket of Google Cloud Storage that takes uploads; null = the disk. */
	UNMASK_UPLOADS_BUCKET: z.string().min(1).nullable().default(null),
	/** Bucket that takes reports; null = the one of the uploads. */
	UNMASK_RESULTS_BUCKET: z.string().min(1).nullable().default(null),
	/** Address of another server of the same API as Google Cloud Storage, as fake-gcs-server; null = Google's. */
	STORAGE_EMULATOR_HOST: z.string().min(1).nullable().default(null),
	/** Secret that signs upload addresses of the disk store; null = a random one, kept in the store's folder. */
	UNMASK_SECRET: z.string().min(16).nullable().default(null),
	/** Private Ed25519 key that signs reports, a JWK of `unmask keys new` or the file that holds it; null = they are not signed. */
	UNMASK_SIGNING_KEY: z.string().min(1).nullable().default(null),
	/** What the signer calls itself in signed reports; null = nothing. */
	UNMASK_SIGNER: z.string().min(1).max(200).nullable().default(null),
	/** Address of an authority that stamps signed reports with its time (RFC 3161); null = none. */
	UNMASK_TSA_URL: z
		.url({ protocol: /^https?$/ })
		.nullable()
		.default(null),
	/** SHA-256 digests (hex) of the API keys that are accepted, parted by commas; null = no key is needed. */
	UNMASK_API_KEY_HASHES: z
		.string()
		.regex(/^[0-9a-f]{64}(,[0-9a-f]{64})*$/)
		.nullable()
		.default(null),
	/** File of named API keys with scopes, an end and limits, read again whenever it changes; null = none. */
	UNMASK_KEYS_FILE: z.string().min(1).nullable().default(null),
	/** Origins of pages on other hosts that may call the API, parted by commas; null = only the own page. */
	UNMASK_ORIGINS: z.string().min(1).nullable().default(null),
	/** Further names by which the service is reached, comma-separated, `*` = any; checked only where no key is needed. */
	UNMASK_HOSTS: z.string().min(1).nullable().default(null),
	/** Proxies before the service whose entries in X-Forwarded-For are believed (Cloud Run: 1); 0 = the sender's own address counts. */
	UNMASK_TRUSTED_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
	/** Whether jobs may name an address that is told of their end: `auto` = where API keys are needed. */
	UNMASK_WEBHOOKS: z.enum(['auto', 'on', 'off']).default('auto'),
	/** Whether clients may name a link in place of a file: `auto` = where API keys are needed. */
	UNMASK_LINKS: z.enum(['auto', 'on', 'off']).default('auto'),
	/** Seconds that fetching a link may take. */
	UNMASK_LINK_S: z.coerce.number().int().min(1).default(3600),
	/** Whether links may lead to pages of video sites: `on` = yt-dlp reads them, where it is installed; whoever sets it trusts that program. */
	UNMASK_YT_DLP: z.enum(['on', 'off']).default('off'),
	/** Networks besides the public internet that webhooks and links may reach, in CIDR form, comma-separated; null = none. */
	UNMASK_OUTGOING_NETWORKS: z.string().min(1).nullable().default(null),
	/** Requests a minute for a key, or for an address where no keys are used. */
	UNMASK_REQUESTS_A_MINUTE: z.coerce.number().int().min(1).default(600),
	/** Largest upload, bytes. */
	UNMASK_MAX_BYTES: z.coerce
		.number()
		.int()
		.min(1)
		.default(8 * 1024 ** 3),
	/** Longest video, seconds. */
	UNMASK_MAX_DURATION_S: z.coerce
		.number()
		.positive()
		.default(4 * 3600),
	/** Analyses at a time; 0 = one for a GPU, one for two cores without. */
	UNMASK_SLOTS: z.coerce.number().int().min(0).max(64).default(0),
	/** Analyses that may wait for a place. */
	UNMASK_QUEUE: z.coerce.number().int().min(0).max(10_000).default(8),
	/** Resident memory at which the process that runs the models is replaced when it is idle, MB. */
	UNMASK_CHILD_MB: z.coerce.number().int().min(100).default(3000),
	/** Seconds after which an upload that nobody analysed is deleted. */
	UNMASK_UPLOAD_TTL_S: z.coerce.number().int().min(60).default(86_400),
	/** Seconds after which a stored report is deleted; 0 = never. Thirty days are time to come back to it. */
	UNMASK_REPORT_TTL_S: z.coerce
		.number()
		.int()
		.min(0)
		.default(30 * 86_400),
	/** What `unmask serve` serves, by the name that functions-framework knows it by: page and API, or the cloud event alone. */
	FUNCTION_TARGET: z.enum(['unmask', 'unmask-object-finalized']).default('unmask'),
	/** Least serious lines that are logged (pino's levels). */
	UNMASK_LOG: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
	/** Google Cloud project whose traces the lines of the log name; null = lines name the trace alone. */
	GOOGLE_CLOUD_PROJECT: z.string().min(1).nullable().default(null),
	/** Address of an OpenTelemetry collector (OTLP over HTTP) that takes traces; null = none are made. */
	OTEL_EXPORTER_OTLP_ENDPOINT: z
		.url({ protocol: /^https?$/ })
		.nullable()
		.default(null),
	/** Headers for the collector, `name=value` parted by commas. */
	OTEL_EXPORTER_OTLP_HEADERS: z.string().min(1).nullable().default(null),
	/** What traces call this service. */
	OTEL_SERVICE_NAME: z.string().min(1).default('unmask'),
	/** Which share of a list this task of a Cloud Run job takes. */
	CLOUD_RUN_TASK_INDEX: z.coerce.number().int().min(0).default(0),
	CLOUD_RUN_TASK_COUNT: z.coerce.number().int().min(1).default(1),
});

/** The program's settings, read once from the environment. */
export type Config = Readonly<z.infer<typeof configSchema>>;

/** The names of all settings. */
export const settingNames: readonly string[] = Object.keys(configSchema.shape);

/** Names that settings had in earlier versions; still read. */
const earlierNames: Readonly<Record<string, string>> = {
	UNMASK_CUSTOM_MODELS: 'UNMASK_OWN_MODELS',
	UNMASK_IMPORT_MODEL: 'UNMASK_BRING_MODEL',
	UNMASK_IMPORT_SHA256: 'UNMASK_BRING_SHA256',
	UNMASK_IMPORT_SPEC: 'UNMASK_BRING_SPEC',
};

/** Settings from environment variables (the only reader of them); throws `environment` with all faults at once. */
export function parseConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
	const read = (name: string) => env[name] || env[earlierNames[name] ?? ''];
	const given = Object.fromEntries(settingNames.filter(read).map((name) => [name, read(name)]));
	const parsed = configSchema.safeParse(given);
	if (parsed.success) return parsed.data;
	const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
	throw new AnalysisError('environment', 'environment', faults.join('; '));
}

/** What a process that runs models may see of the environment besides the settings it needs: where libraries, cards and temporary files are. */
const passedOn = /^(LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|CUDA_\w+|NVIDIA_\w+|TMPDIR|TEMP|TMP|SystemRoot|LANG|TZ)$/;

const ofGpu = /^(LD_LIBRARY_PATH|CUDA_\w+|NVIDIA_\w+)$/;

/** What a program that uses a GPU has to see of the environment: where the driver's libraries are, and which cards. */
export function gpuEnvironment(
	env: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string> {
	return Object.fromEntries(
		Object.entries(env).filter((entry): entry is [string, string] => ofGpu.test(entry[0]) && !!entry[1]),
	);
}

/** The environment of a process that runs models with these settings; no secret, key or credential of the service is in it. */
export function inferenceEnvironment(
	config: Config,
	env: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string> {
	const { FFMPEG_PATH, PATH, UNMASK_MODELS, UNMASK_PROVIDER, UNMASK_TIER, UNMASK_DECODER, UNMASK_THREADS } = config;
	const custom = {
		UNMASK_CUSTOM_MODELS: customModelsFolder(config),
		UNMASK_ALLOWED_MODELS: config.UNMASK_OFFER_MODELS,
	};
	const threads = String(UNMASK_THREADS);
	const models = { UNMASK_MODELS, ...custom, UNMASK_PROVIDER, UNMASK_TIER };
	const settings = { PATH, ...models, UNMASK_DECODER, UNMASK_THREADS: threads };
	const outer = Object.entries(env).filter((entry): entry is [string, string] => passedOn.test(entry[0]) && !!entry[1]);
	return { ...Object.fromEntries(outer), ...settings, ...(FFMPEG_PATH && { FFMPEG_PATH }) };
}

/** Where custom models are kept. */
export function customModelsFolder({ UNMASK_CUSTOM_MODELS, UNMASK_DATA }: Config): string {
	return resolve(UNMASK_CUSTOM_MODELS ?? join(UNMASK_DATA ?? '.unmask', 'models'));
}

/** The folder that holds package.json, both from source and from dist. */
export function packageRoot(): string {
	let folder = dirname(fileURLToPath(import.meta.url));
	while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder)) folder = dirname(folder);
	return folder;
}
