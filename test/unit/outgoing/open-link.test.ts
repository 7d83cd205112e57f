import { beforeEach, expect, it, vi } from 'vitest';
import { createRules, guardedRequest } from '../../../function/outgoing/guarded-request.ts';
import { openLink } from '../../../function/outgoing/open-link.ts';

vi.mock(import('../../../function/outgoing/guarded-request.ts'), async (original) => ({
	...(await original()),
	guardedRequest: vi.fn(),
}));

const asked: string[] = [];

beforeEach(() => {
	asked.length = 0;
	vi.mocked(guardedRequest).mockImplementation((url) => {
		asked.push(url.href);
		const response = { statusCode: 302, headers: { location: 'http://example.org/keys' }, destroy: () => {} };
		return Promise.resolve(response as unknown as Awaited<ReturnType<typeof guardedRequest>>);
	});
});

const open = (link: string) =>
	openLink(link, { rules: createRules(null), signal: new AbortController().signal, maxBytes: 9, httpsOnly: true });

it('a link that has to be https is not followed to plain http', async () => {
	await expect(open('https://example.org/keys')).rejects.toMatchObject({ code: 'url-refused' });
	expect(asked).toEqual(['https://example.org/keys']);
});

it('plain http is refused before any request', async () => {
	await expect(open('http://example.org/keys')).rejects.toMatchObject({ code: 'url-refused' });
	expect(asked).toEqual([]);
});
