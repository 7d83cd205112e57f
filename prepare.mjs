import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Runs when `npm ci` or `npm install` has changed node_modules: builds program and page, unless the compiler was left out (`npm ci --omit=dev`). */
if (existsSync(new URL('node_modules/typescript', import.meta.url)))
	process.exitCode = spawnSync('npm run -s build', { shell: true, stdio: 'inherit' }).status ?? 1;
