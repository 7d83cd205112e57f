import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const project = (name: string, testTimeout = 20_000) => ({
	test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout, hookTimeout: 120_000 },
});

export default defineConfig({
	test: {
		globalSetup: ['test/setup.ts'],
		maxWorkers: 2,
		projects: [
			project('unit'),
			project('media', 60_000),
			project('model', 60_000),
			project('contract', 60_000),
			project('http', 60_000),
			{ plugins: [svelte({ configFile: false })], ...project('spa') }, // state classes are compiled by Svelte
			project('e2e', 180_000),
		],
	},
});
