import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import sharp from 'sharp';
import { defineConfig, type Plugin, type Rolldown } from 'vite';
import program from '../package.json' with { type: 'json' };

const models = join(import.meta.dirname, '..', 'models');

/** Copies the models that the page runs itself next to it: those that find, crop and recognise faces, and the fast classifier. */
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

const worker = 'service-worker.js';
/** The files of `spa/public` that belong to the page. */
const copied = ['app.webmanifest', 'icon.svg', 'icon-192.png', 'icon-512.png'];

type Bundle = Rolldown.OutputBundle;

/** A file and everything it imports statically. */
function withImports(file: string, bundle: Bundle, found = new Set<string>()): Set<string> {
	const chunk = bundle[file];
	if (chunk?.type !== 'chunk' || found.has(file)) return found;
	found.add(file);
	for (const imported of chunk.imports) withImports(imported, bundle, found);
	return found;
}

/** The files that a page needs to open: its program, its style, and its words in every language, so that it opens offline in any of them. */
function pageFiles(bundle: Bundle): string[] {
	const isPage = (name: string, facade: string | null) => name === 'index' || facade?.includes('/answer/messages/');
	const chunks = Object.values(bundle).flatMap((file) =>
		file.type === 'chunk' && isPage(file.name, file.facadeModuleId) ? [...withImports(file.fileName, bundle)] : [],
	);
	const styles = Object.keys(bundle).filter((file) => /\/index-[^/]*\.css$/.test(file));
	return [...new Set([...chunks, ...styles])];
}

/** Makes the icons of installed pages, and lists for the service worker the files of the page and those of the analysis. */
function keptOffline(): Plugin {
	return {
		name: 'kept-offline',
		enforce: 'post',
		async generateBundle(_options, bundle) {
			const icon = sharp(join(import.meta.dirname, 'public/icon.svg'), { density: 1152 });
			for (const size of [192, 512]) {
				const source = await icon.clone().resize(size).png().toBuffer();
				this.emitFile({ type: 'asset', fileName: `icon-${size}.png`, source });
			}
			const assets = Object.keys(bundle).filter((file) => file.startsWith('assets/') && !file.endsWith('.map'));
			const page = pageFiles(bundle);
			const engine = assets.filter((file) => !page.includes(file));
			const shell = [...page, ...copied];
			const program = bundle[worker];
			if (program?.type !== 'chunk') throw new Error('the service worker was not built');
			const digest = createHash('sha256')
				.update(JSON.stringify([shell, engine]))
				.update(program.code)
				.digest('hex');
			program.code = program.code
				.replaceAll('__UNMASK_SHELL__', JSON.stringify(shell))
				.replaceAll('__UNMASK_ENGINE__', JSON.stringify(engine))
				.replaceAll('__UNMASK_BUILD__', JSON.stringify(digest.slice(0, 16)));
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
		...(isSsrBuild ? [] : [modelsForTheBrowser(), keptOffline()]),
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
		rolldownOptions: {
			checks: { pluginTimings: false },
			...(!isSsrBuild && {
				input: {
					index: join(import.meta.dirname, 'index.html'),
					worker: join(import.meta.dirname, 'service-worker.ts'),
				},
				// it can only answer for addresses below its own, so it must be next to the page
				output: {
					entryFileNames: ({ name }: { name: string }) => (name === 'worker' ? worker : 'assets/[name]-[hash].js'),
				},
			}),
		},
	},
}));
