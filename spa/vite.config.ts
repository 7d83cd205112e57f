import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

/** The page, and with `--ssr` the program's own renderer of it for reports: one module that needs no package. */
export default defineConfig(({ isSsrBuild }) => ({
	root: import.meta.dirname,
	base: './',
	plugins: [svelte({ configFile: false, compilerOptions: { css: isSsrBuild ? 'injected' : 'external' } })],
	publicDir: isSsrBuild ? false : 'public',
	ssr: { noExternal: true },
	build: {
		outDir: isSsrBuild ? '../dist/report' : '../dist/spa',
		emptyOutDir: true,
		target: 'es2022',
		modulePreload: { polyfill: false },
		rolldownOptions: { checks: { pluginTimings: false } },
	},
}));
