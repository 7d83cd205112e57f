import { expect, it } from 'vitest';
import { chooseStream, type StreamTraits } from '../../../function/media/choose-stream.ts';

const streams = (...some: Partial<StreamTraits>[]): StreamTraits[] =>
	some.map((traits, index) => ({ index, isDefault: true, isAttached: false, frames: 100, area: 1000, ...traits }));

it.each<[string, Partial<StreamTraits>[], number | null, string?]>([
	['the only one', [{}], 0, 'only'],
	['the default stream', [{ isDefault: false, area: 9000 }, {}], 1, 'default'],
	['most frames before size', [{ area: 9000 }, { frames: 200 }], 1, 'most-frames'],
	['the largest of equals', [{}, { area: 2000 }], 1, 'largest'],
	['the first of identical streams', [{}, {}], 0, 'first'],
	['not a stub of two frames, even if it is the default', [{ frames: 2 }, { isDefault: false }], 1, 'most-frames'],
	['not an empty track', [{ frames: 0, area: 9000 }, {}], 1, 'most-frames'],
	['no cover', [{ isAttached: true, area: 9000 }, { isDefault: false }], 1, 'most-frames'],
	['none if there is only a cover', [{ isAttached: true }], null],
	['none if there is no picture', [{ area: 0 }], null],
	['a stream that was not counted', [{ frames: null }], 0, 'only'],
])('%s', (_, some, index, reason) => {
	expect(chooseStream(streams(...some))).toEqual(index === null ? null : { index, reason });
});
