import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../config.ts';

/** Version of this program, from package.json. Read here too, so that the HTTP process need not load the pipeline. */
export const toolVersion: string = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')).version;
