import { resolve } from 'node:path';
import type { Config } from '../config.ts';
import { AnalysisError } from '../errors.ts';
import { createDiskStore, type DiskStore } from './disk-store.ts';
import { persistentSecret } from './persistent-secret.ts';
import type { OnExpired, Store } from './store.ts';

/** Creates the store of the settings: Google Cloud Storage buckets, or a folder. */
export async function createStore(config: Config, onExpired: OnExpired = () => {}): Promise<Store | DiskStore> {
	const maxBytes = config.UNMASK_MAX_BYTES;
	const uploadTtlS = config.UNMASK_UPLOAD_TTL_S;
	const uploadsBucket = config.UNMASK_UPLOADS_BUCKET;
	if (uploadsBucket !== null) {
		const { createGcsStore } = await import('./gcs-store.ts'); // a large library that is only needed here
		const resultsBucket = config.UNMASK_RESULTS_BUCKET ?? uploadsBucket;
		return createGcsStore({
			uploadsBucket,
			resultsBucket,
			apiEndpoint: config.STORAGE_EMULATOR_HOST,
			maxBytes,
			uploadTtlS,
			reportTtlS: config.UNMASK_REPORT_TTL_S,
			onExpired,
		});
	}
	return createDiskStore({
		folder: folderOf(config),
		secret: (await serviceSecret(config)) as string,
		maxBytes,
		uploadTtlS,
		reportTtlS: config.UNMASK_REPORT_TTL_S,
		onExpired,
	});
}

/** The service's signing secret: the configured one, or one saved in the folder of the disk store; null for buckets without a configured secret. */
export async function serviceSecret(config: Config): Promise<string | null> {
	if (config.UNMASK_SECRET !== null || config.UNMASK_UPLOADS_BUCKET !== null) return config.UNMASK_SECRET;
	const folder = folderOf(config);
	return persistentSecret(folder).catch((cause: NodeJS.ErrnoException) => {
		throw new AnalysisError('environment', 'environment', `${folder} cannot be written (${cause.code})`, { cause });
	});
}

const folderOf = ({ UNMASK_DATA }: Config) => resolve(UNMASK_DATA ?? '.unmask');
