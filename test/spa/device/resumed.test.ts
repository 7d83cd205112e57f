import { expect, it } from 'vitest';
import { resumed } from '../../../spa/device/open-file.ts';

/** A decoder that is taken away after `most` samples, as in a tab in the background. */
async function* taken(times: readonly number[], most: number, name = 'QuotaExceededError') {
	for (const [i, time] of times.entries()) {
		if (i === most) throw Object.assign(new Error('Codec reclaimed due to inactivity.'), { name });
		yield time === 3 ? null : time;
	}
}

const collect = async (most: number, name?: string) => {
	const opened: number[] = [];
	const samples: number[] = [];
	for await (const sample of resumed([1, 2, 3, 4, 5], (left) => {
		opened.push(left.length);
		return taken(left, most, name);
	}))
		samples.push(sample);
	return { opened, samples };
};

it('goes on where the browser took the decoder away', async () => {
	expect(await collect(2)).toEqual({ opened: [5, 3, 1], samples: [1, 2, 4, 5] });
});

it('gives up if the next decoder brings nothing, or for another reason', async () => {
	await expect(collect(0)).rejects.toThrow('reclaimed');
	await expect(collect(2, 'EncodingError')).rejects.toThrow('reclaimed');
});
