import type { Attachment } from 'svelte/attachments';
import type { LaneChart, LaneView } from './lane-chart.ts';

/** Draws a lane into an element with the chart library, which is fetched when the first one is shown, and keeps it up to date. */
export function lane(
	view: () => LaneView,
	place: () => number | null,
	seek: (timeS: number) => void,
): Attachment<HTMLElement> {
	return (element) => {
		let chart = $state.raw<LaneChart | null>(null);
		let gone = false;
		void import('./lane-chart.ts').then(({ createLaneChart }) => {
			if (!gone) chart = createLaneChart(element, view(), seek);
		});
		$effect(() => chart?.update(view()));
		$effect(() => chart?.mark(place()));
		return () => {
			gone = true;
			chart?.destroy();
		};
	};
}
