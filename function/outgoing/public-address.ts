import { BlockList, isIP } from 'node:net';

/**
 * IPv4 networks that are not part of the public internet, by IANA's registry of special-purpose addresses: this network, private, carrier-grade NAT,
 * loopback, link-local (where clouds serve credentials), protocol assignments, documentation, 6to4 relays, benchmarks, multicast, reserved.
 */
const nonPublic4 = [
	...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
	...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15'],
	...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
];

/** In IPv6, only 2000::/3 is public, except for Teredo and other protocols, documentation, and 6to4, which embeds an IPv4 address. */
const global6 = networks(['2000::/3']);
const nonPublic6 = networks(['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']);
const blocked4 = networks(nonPublic4);

/** Whether a literal IP address belongs to the public internet. */
export function isPublicAddress(address: string): boolean {
	const version = isIP(address);
	if (version === 4) return !blocked4.check(address, 'ipv4');
	if (version !== 6 || address.includes('%')) return false; // with a zone it is link-local
	return global6.check(address, 'ipv6') && !nonPublic6.check(address, 'ipv6');
}

/** Parses networks in CIDR form and single addresses; throws a RangeError that names an invalid one. */
export function networks(list: readonly string[]): BlockList {
	const found = new BlockList();
	for (const text of list) {
		const [address = '', bits] = text.split('/');
		const version = isIP(address);
		const maxPrefix = version === 4 ? 32 : 128;
		const prefix = bits === undefined ? maxPrefix : Number(bits);
		if (version === 0 || !/^\d{1,3}$/.test(bits ?? '0') || prefix > maxPrefix)
			throw new RangeError(`${text} is not a network`);
		found.addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6');
	}
	return found;
}

/** Whether a literal IP address is in one of the networks. */
export const isInNetworks = (list: BlockList, address: string) =>
	isIP(address) > 0 && list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
