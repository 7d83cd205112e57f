import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { Config } from '../config.ts';
import { AnalysisError } from '../errors.ts';
import { needsKeys } from './api-keys.ts';

type HostSettings = Pick<
	Config,
	'UNMASK_API_KEY_HASHES' | 'UNMASK_KEYS_FILE' | 'UNMASK_HOSTS' | 'UNMASK_ORIGINS' | 'HOST'
>;

/**
 * Throws `host-unknown` if the Host header is not one of the service's names. If no key is required, another site could otherwise point its own
 * name at this machine and read every response (DNS rebinding). A literal IP address cannot be rebound.
 */
export function createHostCheck(config: HostSettings): (req: IncomingMessage) => void {
	const hosts = new Set(['localhost', config.HOST, ...listed(config.UNMASK_HOSTS)].map((host) => host.toLowerCase()));
	for (const origin of listed(config.UNMASK_ORIGINS)) hosts.add(nameOf(origin) ?? '');
	if (needsKeys(config) || hosts.has('*')) return () => {};
	return ({ headers: { host } }) => {
		if (host === undefined) return; // HTTP/1.0: no browser
		const name = /[@/?#\\]/.test(host) ? null : nameOf(`http://${host}`);
		if (name !== null && (isIP(name.replace(/^\[|\]$/g, '')) > 0 || hosts.has(name))) return;
		throw new AnalysisError('host-unknown', 'request');
	};
}

const listed = (names: string | null) => (names ?? '').split(',').flatMap((name) => name.trim() || []);

const nameOf = (url: string) => (URL.canParse(url) ? new URL(url).hostname.replace(/\.$/, '') : null);
