import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../function/config.ts';

const read = (name: string) => readFileSync(join(packageRoot(), name), 'utf8');

describe('the npm package', () => {
	it('can be published, and brings the program, the page, the models and the runtime', () => {
		const { private: isPrivate, files, bundleDependencies } = JSON.parse(read('package.json'));
		expect(isPrivate).toBeUndefined();
		expect(files).toEqual(
			expect.arrayContaining(['dist', 'models/manifest.json', 'models/*.onnx', 'models/*.weights']),
		);
		expect(bundleDependencies).toEqual(['onnxruntime-node']);
	});

	it('asks npm for nothing that npm does not know: it warns of such keys, and will ignore them', () => {
		const keys = read('.npmrc').match(/^[^=\n]+(?==)/gm);
		expect(keys).toEqual(['omit-lockfile-registry-resolved', 'fund', 'audit']);
	});

	it.each([
		[[], {}, 'skip'],
		[[], { ONNXRUNTIME_NODE_INSTALL: 'cuda12' }, 'cuda12'],
		[['--onnxruntime-node-install=cuda12'], {}, 'undefined'],
	])('fetches CUDA only when it is asked for: %j %j', (args, env, flag) => {
		const script = "require('global-agent').bootstrap(); console.log(process.env.ONNXRUNTIME_NODE_INSTALL)";
		const { ONNXRUNTIME_NODE_INSTALL: _, ...own } = process.env;
		const printed = execFileSync(process.execPath, ['-e', script, '--', ...args], {
			cwd: packageRoot(),
			env: { ...own, ...env },
		});
		expect(printed.toString().trim()).toBe(flag);
	});
});
