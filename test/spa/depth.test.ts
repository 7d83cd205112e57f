import { describe, expect, it } from 'vitest';
import { wirePlanSchema } from '../../function/contract/plan.ts';
import { depths, planFromDepth, workSeconds } from '../../spa/lib/depth.ts';
import { hashFromRoute, routeFromHash } from '../../spa/lib/route.ts';

describe('depth', () => {
	it('makes valid wire plans', () => {
		for (const depth of depths) expect(wirePlanSchema.parse(planFromDepth(depth))).toEqual(planFromDepth(depth));
	});

	it('estimates the work, or returns null if it cannot', () => {
		const work = (depth: (typeof depths)[number], durationS: number | null) =>
			workSeconds(depth, { durationS, secondsAFrame: 0.25 });
		expect(work(40, null)).toBe(10);
		expect(work('all', 60)).toBe(75);
		expect(work('all', null)).toBeNull();
		expect(work('all', 0)).toBe(0.25);
		expect(workSeconds(40, { durationS: 60, secondsAFrame: null })).toBeNull();
	});
});

it('converts between pages and addresses', () => {
	const id = '0123456789abcdef'.repeat(2);
	for (const route of [{ page: 'start' }, { page: 'about' }, { page: 'history' }, { page: 'analysis', id }] as const)
		expect(routeFromHash(hashFromRoute(route))).toEqual(route);
	expect(routeFromHash(`#/analysis/${id.toUpperCase()}`)).toEqual({ page: 'unknown' });
});
