import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { AnalysisError } from './errors.ts';

const configSchema = z.object({
	/** Path of the ffmpeg program; null = look for it. */
	FFMPEG_PATH: z.string().min(1).nullable().default(null),
	/** Folders in which ffmpeg is looked for. */
	PATH: z.string().default('/usr/local/bin:/usr/bin:/bin'),
	/** Folder with manifest.json and the model files. */
	UNMASK_MODELS: z.string().min(1).default(join(packageRoot(), 'models')),
	/** Where models run; auto = CUDA if it works, else the CPU. */
	UNMASK_PROVIDER: z.enum(['auto', 'cpu', 'cuda']).default('auto'),
	/** Threads of one model run; 0 = as many as there are cores. */
	UNMASK_THREADS: z.coerce.number().int().min(0).max(256).default(0),
});

/** The program's settings, read once from the environment. */
export type Config = Readonly<z.infer<typeof configSchema>>;

/** Settings from environment variables (the only reader of them); throws `environment` with all faults at once. */
export function parseConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
	const known = Object.keys(configSchema.shape);
	const given = Object.fromEntries(known.filter((name) => env[name]).map((name) => [name, env[name]]));
	const parsed = configSchema.safeParse(given);
	if (parsed.success) return parsed.data;
	const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
	throw new AnalysisError('environment', 'environment', faults.join('; '));
}

/** The folder that holds package.json, both from source and from dist. */
export function packageRoot(): string {
	let folder = dirname(fileURLToPath(import.meta.url));
	while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder)) folder = dirname(folder);
	return folder;
}
