import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../function/config.ts';

/** No key, token or private address stands in the repository. */

/** What secrets look like: prefixes that their makers chose so that they can be found, and the heads of key files. */
const secrets = [
	/-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/,
	/\bAKIA[0-9A-Z]{16}\b/, // Amazon
	/\bAIza[0-9A-Za-z_-]{35}\b/, // Google API key
	/\bya29\.[0-9A-Za-z_-]{20,}/, // Google OAuth token
	/"private_key_id"\s*:\s*"[0-9a-f]{40}"/, // Google service account
	/\bgh[pousr]_[0-9A-Za-z]{36,}/, // GitHub
	/\bgithub_pat_[0-9A-Za-z_]{60,}/,
	/\bglpat-[0-9A-Za-z_-]{20}/, // GitLab
	/\bnpm_[0-9A-Za-z]{36}\b/,
	/\bhf_[0-9A-Za-z]{30,}/, // Hugging Face
	/\bsk-[0-9A-Za-z_-]{32,}/,
	/\bxox[baprs]-[0-9A-Za-z-]{10,}/, // Slack
	/\beyJ[0-9A-Za-z_-]{20,}\.eyJ[0-9A-Za-z_-]{20,}\./, // a signed token
	/\/\/[^\s/:@'"`$]+:[^\s/:@'"`$]{6,}@[\w.-]+/, // an address with a password
];

/** A line in which one of them stands; null = none. */
const secretIn = (text: string) => text.split('\n').find((line) => secrets.some((secret) => secret.test(line))) ?? null;

const largestText = 4 * 1024 * 1024;

/** Text files that git has, or would take. */
function textFiles(): string[] {
	const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
		cwd: packageRoot(),
		encoding: 'utf8',
		maxBuffer: largestText,
	});
	return listed.split('\0').filter((path) => {
		if (path === '' || /\.(png|jpe?g|svg|onnx|pt)$/.test(path)) return false;
		const found = statSync(join(packageRoot(), path), { throwIfNoEntry: false });
		return found?.isFile() === true && found.size < largestText;
	});
}

test.runIf(isRepository())('no file holds a secret', () => {
	const found = textFiles().flatMap((path) => {
		const line = secretIn(readFileSync(join(packageRoot(), path), 'latin1'));
		return line === null ? [] : [`${path}: ${line.trim().slice(0, 60)}`];
	});
	expect(found).toEqual([]);
});

test('what is looked for is found', () => {
	const parts = [
		['-----BEGIN RSA PRIVATE', ' KEY-----'],
		['AKIA', 'ABCDEFGHIJKLMNOP'],
		['AIza', 'a'.repeat(35)],
		['ghp_', 'a1'.repeat(18)],
		['npm_', 'a'.repeat(36)],
		['https://user:', 'password1@example.org/'],
	];
	for (const part of parts) expect(secretIn(`const x = '${part.join('')}';`)).not.toBeNull();
	expect(secretIn('an address without a password: http://localhost:8080/x, user@example.org')).toBeNull();
});

function isRepository(): boolean {
	try {
		execFileSync('git', ['rev-parse', '--git-dir'], { cwd: packageRoot(), stdio: 'ignore' });
		return true;
	} catch {
		return false; // an unpacked archive
	}
}
