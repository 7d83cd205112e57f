import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInNetworks, isPublicAddress, networks } from '../../../function/outgoing/public-address.ts';

describe('addresses that are not public', () => {
	it.each([
		...['0.0.0.0', '0.1.2.3', '10.0.0.1', '10.255.255.255', '100.64.0.1', '100.127.255.255', '127.0.0.1', '127.1.2.3'],
		...['169.254.0.1', '169.254.169.254', '172.16.0.1', '172.31.255.255', '192.0.0.8', '192.0.2.1', '192.88.99.1'],
		...['192.168.0.1', '192.168.255.255', '198.18.0.1', '198.19.255.255', '198.51.100.1', '203.0.113.1', '224.0.0.1'],
		...['239.255.255.255', '240.0.0.1', '255.255.255.255'],
	])('IPv4: %s', (address) => {
		expect(isPublicAddress(address)).toBe(false);
		expect(isPublicAddress(`::ffff:${address}`)).toBe(false); // mapped
		expect(isPublicAddress(`::${address}`)).toBe(false); // compatible
		expect(isPublicAddress(`64:ff9b::${address}`)).toBe(false); // NAT64
	});

	it.each([
		...['::', '::1', '::ffff:8.8.8.8', '::ffff:7f00:1', '64:ff9b::1', '64:ff9b:1::1', '100::1', '2001::1'],
		...['2001:0:4136::1', '2001:db8::1', '2002:7f00:1::', '2002:a9fe:a9fe::', '3fff::1', '5f00::1', 'fc00::1'],
		...['fd00:ec2::254', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1'],
	])('IPv6: %s', (address) => expect(isPublicAddress(address)).toBe(false));

	it.each(['', 'localhost', '127.1', '0x7f.1', '1.2.3', '::g', '8.8.8.8:80', '[::1]'])(
		'and what is no address: %j',
		(text) => expect(isPublicAddress(text)).toBe(false),
	);

	it('any address in a private network', () => {
		const octet = fc.integer({ min: 0, max: 255 });
		fc.assert(
			fc.property(octet, octet, octet, (a, b, c) => {
				const inside = [`10.${a}.${b}.${c}`, `127.${a}.${b}.${c}`, `192.168.${a}.${b}`, `169.254.${a}.${b}`];
				return inside.every((address) => !isPublicAddress(address) && !isPublicAddress(`::ffff:${address}`));
			}),
			{ endOnFailure: true },
		);
	});
});

it.each([
	...[
		'8.8.8.8',
		'1.1.1.1',
		'100.63.255.255',
		'100.128.0.1',
		'172.15.0.1',
		'172.32.0.1',
		'192.0.1.1',
		'223.255.255.255',
	],
	...['2606:4700::1111', '2a00:1450:4001::200e', '2001:4860:4860::8888'],
])('%s is public', (address) => expect(isPublicAddress(address)).toBe(true));

describe('networks', () => {
	it('contain their addresses', () => {
		const list = networks(['10.1.0.0/16', '127.0.0.1', 'fd00::/8']);
		for (const inside of ['10.1.2.3', '127.0.0.1', 'fd12::1']) expect(isInNetworks(list, inside)).toBe(true);
		for (const outside of ['10.2.0.1', '127.0.0.2', 'fe80::1', 'a name'])
			expect(isInNetworks(list, outside)).toBe(false);
	});
	it.each(['10.0.0.0/33', 'fd00::/129', '10.0.0/8', 'name', '10.0.0.0/x', '10.0.0.0/-1', ''])('%j is invalid', (text) =>
		expect(() => networks([text])).toThrow(RangeError),
	);
});
