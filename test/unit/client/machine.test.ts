import { afterEach, expect, it, vi } from 'vitest';
import { pauseForNetwork, thisMachine } from '../../../function/client/machine.ts';

afterEach(() => vi.unstubAllGlobals());

it('a pause ends as soon as the network comes back', async () => {
	const page = new EventTarget();
	const navigator = { onLine: false };
	vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
	vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
	vi.stubGlobal('navigator', navigator);
	const back = pauseForNetwork(thisMachine, 60_000).then(() => 'back');
	navigator.onLine = true;
	page.dispatchEvent(new Event('online'));
	expect(await Promise.race([back, new Promise((resolve) => setTimeout(resolve, 500, 'still waiting'))])).toBe('back');
});
