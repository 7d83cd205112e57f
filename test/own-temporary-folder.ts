import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/*
 * Each test file has a temporary folder of its own, so that what it looks for there cannot be another's: two files run at a time. What is made once
 * for all of them, clips and clients, is kept in `UNMASK_TEST_CACHE`.
 */
process.env.UNMASK_TEST_CACHE ??= tmpdir();
const folder = mkdtempSync(join(process.env.UNMASK_TEST_CACHE, 'unmask-test-'));
process.env.TMPDIR = folder;
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
