import type { Config } from '../config.ts';
import { createGcsObjects, type GcsObjects } from './gcs-objects.ts';

/** Objects of the Google Cloud Storage that the settings name. */
export const openObjects = (config: Config): GcsObjects =>
	createGcsObjects({ apiEndpoint: config.STORAGE_EMULATOR_HOST });
