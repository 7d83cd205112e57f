import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

export default defineConfig({
	root: import.meta.dirname,
	base: './',
	plugins: [svelte({ configFile: false })],
	build: { outDir: '../dist/spa', emptyOutDir: true, target: 'es2022', modulePreload: { polyfill: false } },
});
