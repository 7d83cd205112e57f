import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';
import program from '../package.json' with { type: 'json' };

const models = join(import.meta.dirname, '..', 'models');

/** Puts the models that the page runs itself beside it: what finds, cuts and recognises faces, and the fast classifier. */
function modelsForTheBrowser(): Plugin {
	return {
		name: 'models-for-the-browser',
		generateBundle() {
			const manifest = JSON.parse(readFileSync(join(models, 'manifest.json'), 'utf8'));
			const emit = (file: string) =>
				this.emitFile({ type: 'asset', fileName: `models/${file}`, source: readFileSync(join(models, file)) });
			emit('manifest.json');
			for (const { id, kind, file } of manifest.files)
				if (kind !== 'sequence' && (kind !== 'classifier' || id === manifest.defaultClassifier)) emit(file);
		},
	};
}

/** The page, and with `--ssr` the program's own renderer of it for reports: one module that needs no package. */
export default defineConfig(({ isSsrBuild }) => ({
	root: import.meta.dirname,
	base: './',
	define: { __UNMASK_VERSION__: JSON.stringify(program.version) },
	plugins: [
		svelte({ configFile: false, compilerOptions: { css: isSsrBuild ? 'injected' : 'external' } }),
		...(isSsrBuild ? [] : [modelsForTheBrowser()]),
	],
	publicDir: isSsrBuild ? false : 'public',
	ssr: { noExternal: true },
	resolve: { conditions: ['onnxruntime-web-use-extern-wasm', 'module', 'browser', 'development|production'] },
	worker: { format: 'es' },
	build: {
		outDir: isSsrBuild ? '../dist/report' : '../dist/spa',
		emptyOutDir: true,
		target: 'es2022',
		modulePreload: { polyfill: false },
		rolldownOptions: { checks: { pluginTimings: false } },
	},
}));
