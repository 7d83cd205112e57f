import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auc, type RocPoint, rocCurve } from '../../../function/eval/metrics.ts';
import { histogramSvg, reliabilitySvg, rocSvg } from '../../../function/eval/plots.ts';
import { reliabilityBins } from '../../../function/verdict/reliability.ts';

/** All tags are closed in order and no number is missing. */
function expectWhole(svg: string) {
	const open: string[] = [];
	for (const [, close, name, self] of svg.matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/gi)) {
		if (close) expect(open.pop()).toBe(name);
		else if (!self) open.push(name as string);
	}
	expect(open).toEqual([]);
	expect(svg).not.toMatch(/NaN|undefined|Infinity|null/);
}

const items = fc
	.array(fc.record({ fake: fc.boolean(), probability: fc.double({ min: 0, max: 1, noNaN: true }) }), { maxLength: 40 })
	.map((list) => list.map((item) => ({ ...item, score: item.probability })));

describe('plots', () => {
	it('are well-formed for any items, including none and one class only', () => {
		fc.assert(
			fc.property(items, (list) => {
				const points = rocCurve(list);
				expectWhole(rocSvg(points ? [{ name: 'all', points, auc: auc(list) as number }] : []));
				expectWhole(reliabilitySvg(reliabilityBins(list)));
				const of = (fake: boolean) => list.filter((item) => item.fake === fake).map((item) => item.probability);
				expectWhole(histogramSvg(of(false), of(true)));
			}),
		);
	});

	it('say so if there is nothing to draw', () => {
		expect(rocSvg([])).toContain('needs scored items of both classes');
		expect(reliabilitySvg(reliabilityBins([]))).toContain('nothing was scored');
		expect(histogramSvg([], [])).toContain('nothing was scored');
	});

	it('escape and shorten the names of sets, and draw at most six', () => {
		const points: RocPoint[] = [0, 1].map((x) => ({ fpr: x, tpr: x, threshold: 0 }));
		const svg = rocSvg(Array.from({ length: 9 }, (_, i) => ({ name: `<${i}> & a long name`, points, auc: 0.5 })));
		expectWhole(svg);
		expect(svg).toContain('&lt;5&gt; &amp; a long n… 0.500');
		expect(svg).not.toContain('&lt;6');
	});

	it('put the ends of the curve into the corners', () => {
		const svg = rocSvg([
			{
				name: 'all',
				points:
					rocCurve([
						{ fake: true, score: 1 },
						{ fake: false, score: 0 },
					]) ?? [],
				auc: 1,
			},
		]);
		expect(svg).toContain('d="M56 340L56 40L384 40"');
	});
});
