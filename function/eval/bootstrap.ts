import { quantile, seededRandom } from '../statistics.ts';
import { type Scored, weightedAucOf } from './metrics.ts';

/** A scored item with the clip or person it comes from; items of one group are not independent. */
export type Grouped = Scored & { readonly group: string };

/** Why an interval is missing or should be read with care. */
export type IntervalNote = 'one-class' | 'one-group' | 'few-groups' | 'perfect-separation';

/** 95 % interval of the AUC, the number of groups, and a note if the interval is weak or missing. */
export type AucInterval = {
	readonly interval: readonly [number, number] | null;
	readonly groups: number;
	readonly note: IntervalNote | null;
};

/** With fewer groups in a class, the percentile interval is known to be too narrow (Cameron, Gelbach & Miller 2008, section 1: "few" = 5 to 30). */
const fewGroups = 10;

/** 95 % percentile interval of the AUC by cluster bootstrap: whole groups are drawn with replacement, `replicates` times from `seed`. Draws that miss a class are repeated, at most `replicates` times in total. */
export function aucInterval(items: readonly Grouped[], { replicates = 1000, seed = 1 } = {}): AucInterval {
	const { indexOfItem, groups, smallestClass } = groupsOf(items);
	const none = (note: IntervalNote): AucInterval => ({ interval: null, groups, note });
	const areaOf = weightedAucOf(items);
	const value = areaOf(new Uint8Array(items.length).fill(1));
	if (value === null) return none('one-class');
	if (smallestClass < 2) return none('one-group');
	if (value === 0 || value === 1) return none('perfect-separation'); // every draw gives the same value, so the interval would have no width

	const random = seededRandom(seed);
	const areas: number[] = [];
	for (let draw = 0; draw < 2 * replicates && areas.length < replicates; draw++) {
		const counts = drawCounts(groups, random);
		const area = areaOf(indexOfItem.map((group) => counts[group] ?? 0));
		if (area !== null) areas.push(area);
	}
	areas.sort((a, b) => a - b);
	return {
		interval: [quantile(areas, 0.025), quantile(areas, 0.975)],
		groups,
		note: smallestClass < fewGroups ? 'few-groups' : null,
	};
}

function groupsOf(items: readonly Grouped[]) {
	const indices = new Map<string, number>();
	const fakeGroups = new Set<string>();
	const realGroups = new Set<string>();
	const indexOfItem = items.map(({ group, fake }) => {
		(fake ? fakeGroups : realGroups).add(group);
		const index = indices.get(group) ?? indices.size;
		indices.set(group, index);
		return index;
	});
	return { indexOfItem, groups: indices.size, smallestClass: Math.min(fakeGroups.size, realGroups.size) };
}

function drawCounts(groups: number, random: () => number): Uint32Array {
	const counts = new Uint32Array(groups);
	for (let i = 0; i < groups; i++) {
		const drawn = Math.floor(random() * groups);
		counts[drawn] = (counts[drawn] ?? 0) + 1;
	}
	return counts;
}
