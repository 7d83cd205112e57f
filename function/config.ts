import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { tierSchema } from './contract/plan.ts';
import { AnalysisError } from './errors.ts';

const configSchema = z.object({
	/** Path of the ffmpeg program; null = search for it. */
	FFMPEG_PATH: z.string().min(1).nullable().default(null),
	/** Folders to search for ffmpeg. */
	PATH: z.string().default('/usr/local/bin:/usr/bin:/bin'),
	/** Folder with manifest.json and the model files. */
	UNMASK_MODELS: z.string().min(1).default(join(packageRoot(), 'models')),
	/** Folder of the custom models; null = `models` inside UNMASK_DATA. */
	UNMASK_CUSTOM_MODELS: z.string().min(1).nullable().default(null),
	/** Custom models that the service offers to clients: `none`, `all`, or comma-separated names. The command line accepts any. */
	UNMASK_OFFER_MODELS: z.string().min(1).default('none'),
	/** Models that the inference process may use. The service sets it for that process; it is `all` elsewhere. */
	UNMASK_ALLOWED_MODELS: z.string().min(1).default('all'),
	/** Model to import when the service starts, for containers: a file or gs://BUCKET/OBJECT, either ONNX or weights of the legacy application; null = none. */
	UNMASK_IMPORT_MODEL: z.string().min(1).nullable().default(null),
	/** Expected SHA-256 of that file, hexadecimal. */
	UNMASK_IMPORT_SHA256: z
		.string()
		.regex(/^[0-9a-f]{64}$/)
		.nullable()
		.default(null),
	/** Spec of an ONNX file: a preset of `unmask models add`, or the address of a spec (a file or gs://). */
	UNMASK_IMPORT_SPEC: z.string().min(1).nullable().default(null),
	/** Where the models run; auto = CUDA if it works, otherwise the CPU. */
	UNMASK_PROVIDER: z.enum(['auto', 'cpu', 'cuda']).default('auto'),
	/** Default tier of the built-in classifiers: `auto` = thorough on a GPU if that tier is installed, otherwise fast. */
	UNMASK_TIER: z.enum(['auto', ...tierSchema.options]).default('auto'),
	/** Video decoder: auto = NVIDIA's decoder if the models run on CUDA and it yields the same frames as the CPU, otherwise the CPU. */
	UNMASK_DECODER: z.enum(['auto', 'cpu']).default('auto'),
	/** Threads per model run; 0 = one per core. */
	UNMASK_THREADS: z.coerce.number().int().min(0).max(256).default(0),

	/** Address and port to listen on; 127.0.0.1 = this machine only. */
	HOST: z.string().min(1).default('127.0.0.1'),
	PORT: z.coerce.number().int().min(0).max(65535).default(8080),
	/** Folder for uploads and reports on disk; null = `.unmask` in the working directory. */
	UNMASK_DATA: z.string().min(1).nullable().default(null),
	/** Google Cloud Storage bucket for uploads; null = store on disk. */
	UNMASK_UPLOADS_BUCKET: z.string().min(1).nullable().default(null),
	/** Bucket for reports; null = the uploads bucket. */
	UNMASK_RESULTS_BUCKET: z.string().min(1).nullable().default(null),
	/** Address of a server that implements the Google Cloud Storage API, such as fake-gcs-server; null = Google's. */
	STORAGE_EMULATOR_HOST: z.string().min(1).nullable().default(null),
	/** Secret that signs upload addresses of the disk store; null = a random one, saved in the store's folder. */
	UNMASK_SECRET: z.string().min(16).nullable().default(null),
	/** Private Ed25519 key that signs reports: a JWK from `unmask keys new`, or a file that contains one; null = reports are not signed. */
	UNMASK_SIGNING_KEY: z.string().min(1).nullable().default(null),
	/** Name of the signer in signed reports; null = unnamed. */
	UNMASK_SIGNER: z.string().min(1).max(200).nullable().default(null),
	/** Address of the time stamping authority for signed reports (RFC 3161); null = no time stamps. */
	UNMASK_TSA_URL: z
		.url({ protocol: /^https?$/ })
		.nullable()
		.default(null),
	/** Comma-separated SHA-256 digests (hex) of the accepted API keys. If this and UNMASK_KEYS_FILE are unset, no key is required. */
	UNMASK_API_KEY_HASHES: z
		.string()
		.regex(/^[0-9a-f]{64}(,[0-9a-f]{64})*$/)
		.nullable()
		.default(null),
	/** File of named API keys with scopes, expiry and rate limits, reloaded whenever it changes; null = none. */
	UNMASK_KEYS_FILE: z.string().min(1).nullable().default(null),
	/** Comma-separated origins of pages on other hosts that may call the API; null = only the service's own page. */
	UNMASK_ORIGINS: z.string().min(1).nullable().default(null),
	/** Comma-separated additional host names of the service, `*` = any; checked only if no API key is required. */
	UNMASK_HOSTS: z.string().min(1).nullable().default(null),
	/** Number of proxies in front of the service whose X-Forwarded-For entries are trusted (Cloud Run: 1); 0 = use the peer's address. */
	UNMASK_TRUSTED_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
	/** Whether jobs may name a webhook to call when they end: `auto` = only if API keys are required. */
	UNMASK_WEBHOOKS: z.enum(['auto', 'on', 'off']).default('auto'),
	/** Whether clients may submit a link instead of a file: `auto` = only if API keys are required. */
	UNMASK_LINKS: z.enum(['auto', 'on', 'off']).default('auto'),
	/** Time limit for fetching a link, seconds. */
	UNMASK_LINK_S: z.coerce.number().int().min(1).default(3600),
	/** Whether links may lead to pages of video sites: `on` = read them with yt-dlp if it is installed. Turning it on means trusting yt-dlp. */
	UNMASK_YT_DLP: z.enum(['on', 'off']).default('off'),
	/** Comma-separated networks in CIDR form that webhooks and links may reach besides the public internet; null = none. */
	UNMASK_OUTGOING_NETWORKS: z.string().min(1).nullable().default(null),
	/** Requests per minute per key, or per client address if no keys are used. */
	UNMASK_REQUESTS_A_MINUTE: z.coerce.number().int().min(1).default(600),
	/** Maximum upload size, bytes. */
	UNMASK_MAX_BYTES: z.coerce
		.number()
		.int()
		.min(1)
		.default(8 * 1024 ** 3),
	/** Maximum video duration, seconds. */
	UNMASK_MAX_DURATION_S: z.coerce
		.number()
		.positive()
		.default(4 * 3600),
	/** Concurrent analyses; 0 = one on a GPU, otherwise one per two cores. */
	UNMASK_SLOTS: z.coerce.number().int().min(0).max(64).default(0),
	/** Maximum number of queued analyses. */
	UNMASK_QUEUE: z.coerce.number().int().min(0).max(10_000).default(8),
	/** Resident memory above which the idle inference process is replaced, MB. */
	UNMASK_CHILD_MB: z.coerce.number().int().min(100).default(3000),
	/** Seconds after which an upload that was never analysed is deleted. */
	UNMASK_UPLOAD_TTL_S: z.coerce.number().int().min(60).default(86_400),
	/** Seconds after which a stored report is deleted; 0 = never. */
	UNMASK_REPORT_TTL_S: z.coerce
		.number()
		.int()
		.min(0)
		.default(30 * 86_400),
	/** What `unmask serve` serves, as a functions-framework target: the page and the API, or only the cloud event. */
	FUNCTION_TARGET: z.enum(['unmask', 'unmask-object-finalized']).default('unmask'),
	/** Minimum log level (pino's levels). */
	UNMASK_LOG: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
	/** Google Cloud project of the traces that log lines refer to; null = log lines carry only the trace id. */
	GOOGLE_CLOUD_PROJECT: z.string().min(1).nullable().default(null),
	/** Address of the OpenTelemetry collector (OTLP over HTTP) for traces; null = tracing is off. */
	OTEL_EXPORTER_OTLP_ENDPOINT: z
		.url({ protocol: /^https?$/ })
		.nullable()
		.default(null),
	/** Comma-separated `name=value` headers for the collector. */
	OTEL_EXPORTER_OTLP_HEADERS: z.string().min(1).nullable().default(null),
	/** Service name in traces. */
	OTEL_SERVICE_NAME: z.string().min(1).default('unmask'),
	/** Which share of a list this task of a Cloud Run job processes. */
	CLOUD_RUN_TASK_INDEX: z.coerce.number().int().min(0).default(0),
	CLOUD_RUN_TASK_COUNT: z.coerce.number().int().min(1).default(1),
});

/** The program's settings, read once from the environment. */
export type Config = Readonly<z.infer<typeof configSchema>>;

/** The names of all settings. */
export const settingNames: readonly string[] = Object.keys(configSchema.shape);

/** Names of settings in earlier versions; still read. */
const earlierNames: Readonly<Record<string, string>> = {
	UNMASK_CUSTOM_MODELS: 'UNMASK_OWN_MODELS',
	UNMASK_IMPORT_MODEL: 'UNMASK_BRING_MODEL',
	UNMASK_IMPORT_SHA256: 'UNMASK_BRING_SHA256',
	UNMASK_IMPORT_SPEC: 'UNMASK_BRING_SPEC',
};

/** Parses the settings from environment variables, which nothing else reads. Throws `environment` with all faults at once. */
export function parseConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
	const read = (name: string) => env[name] || env[earlierNames[name] ?? ''];
	const given = Object.fromEntries(settingNames.filter(read).map((name) => [name, read(name)]));
	const parsed = configSchema.safeParse(given);
	if (parsed.success) return parsed.data;
	const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
	throw new AnalysisError('environment', 'environment', faults.join('; '));
}

/** Environment variables that an inference process may see besides its settings: the locations of libraries, GPUs and temporary files. */
const passedThrough = /^(LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|CUDA_\w+|NVIDIA_\w+|TMPDIR|TEMP|TMP|SystemRoot|LANG|TZ)$/;

const gpuVariables = /^(LD_LIBRARY_PATH|CUDA_\w+|NVIDIA_\w+)$/;

/** The environment variables that a program needs to use a GPU: the locations of the driver's libraries, and the GPUs to use. */
export function gpuEnvironment(
	env: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string> {
	return Object.fromEntries(
		Object.entries(env).filter((entry): entry is [string, string] => gpuVariables.test(entry[0]) && !!entry[1]),
	);
}

/** The environment of an inference process with these settings. It contains no secret, key or credential of the service. */
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
	const outer = Object.entries(env).filter(
		(entry): entry is [string, string] => passedThrough.test(entry[0]) && !!entry[1],
	);
	return { ...Object.fromEntries(outer), ...settings, ...(FFMPEG_PATH && { FFMPEG_PATH }) };
}

/** The folder of the custom models. */
export function customModelsFolder({ UNMASK_CUSTOM_MODELS, UNMASK_DATA }: Config): string {
	return resolve(UNMASK_CUSTOM_MODELS ?? join(UNMASK_DATA ?? '.unmask', 'models'));
}

/** The folder that contains package.json, whether run from source or from dist. */
export function packageRoot(): string {
	let folder = dirname(fileURLToPath(import.meta.url));
	while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder)) folder = dirname(folder);
	return folder;
}
