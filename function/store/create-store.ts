import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { Config } from '../config.ts';
import { createDiskStore, type DiskStore } from './disk-store.ts';
import type { Store } from './store.ts';

/** The store that the settings name: buckets of Google Cloud Storage, or a folder; `baseUrl` is where the service is reached. */
export async function createStore(config: Config, baseUrl: () => string): Promise<Store | DiskStore> {
	const maxBytes = config.UNMASK_MAX_BYTES;
	const uploadTtlS = config.UNMASK_UPLOAD_TTL_S;
	const uploadsBucket = config.UNMASK_UPLOADS_BUCKET;
	if (uploadsBucket !== null) {
		const { createGcsStore } = await import('./gcs-store.ts'); // its library is large, and only needed here
		const resultsBucket = config.UNMASK_RESULTS_BUCKET ?? uploadsBucket;
		return createGcsStore({
			uploadsBucket,
			resultsBucket,
			apiEndpoint: config.STORAGE_EMULATOR_HOST,
			maxBytes,
			uploadTtlS,
		});
	}
	return createDiskStore({
		folder: resolve(config.UNMASK_DATA ?? '.unmask'),
		secret: config.UNMASK_SECRET ?? randomBytes(32).toString('hex'),
		baseUrl,
		maxBytes,
		uploadTtlS,
		reportTtlS: config.UNMASK_REPORT_TTL_S,
		origins: config.UNMASK_ORIGINS?.split(',').map((origin) => origin.trim()) ?? [],
	});
}
