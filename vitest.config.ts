import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const project = (name: string, testTimeout = 20_000, hookTimeout = 120_000) => ({
	test: {
		name,
		include: [`test/${name}/**/*.test.ts`],
		setupFiles: ['test/own-temporary-folder.ts'],
		testTimeout,
		hookTimeout,
	},
});

/** The first time on a machine, those that need the cloud store's server wait until it is built, however busy the machine is. */
const untilBuilt = 1_200_000;
/** Builds and runs container images for minutes, as root: `npm run test:image` asks for it, `npm test` leaves it out. */
const images = process.env.UNMASK_TEST_IMAGE ? [project('image', 600_000)] : [];

export default defineConfig({
	test: {
		globalSetup: ['test/setup.ts'],
		maxWorkers: 2,
		projects: [
			project('unit'),
			project('media', 60_000),
			project('model', 60_000),
			project('contract', 60_000, untilBuilt),
			project('http', 60_000, untilBuilt),
			{ plugins: [svelte({ configFile: false })], ...project('spa') }, // state classes are compiled by Svelte
			project('e2e', 180_000),
			...images,
			project('hardening', 180_000),
		],
	},
});
