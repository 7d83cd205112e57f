import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Lane } from '../lib/timeline.ts';
import { type Colours, onColoursChange, readColours } from './colours.ts';
import type { Thresholds } from './people-in-order.ts';

/** What a lane shows: one person's scores 0..1 over the time of the clip in seconds. */
export type LaneView = {
	readonly timesS: number[];
	readonly lane: Lane;
	readonly endS: number;
	readonly thresholds: Thresholds | null;
	/** Whether times are written below; the last lane does it for all. */
	readonly hasAxis: boolean;
	readonly timeText: (timeS: number) => string;
};

/** A drawn lane. */
export type LaneChart = {
	update(view: LaneView): void;
	/** Marks the place of the video; null = none. */
	mark(timeS: number | null): void;
	destroy(): void;
};

/** Heights in rem, as the words around them. */
const laneRem = 6.5;
const axisRem = 1.9;

/** What A4 with the margins of app.css leaves for a lane, px. */
const paperWidth = 600;

/** Points above and below 0 and 1, so that dots at the ends are whole. */
const margin = 0.04;

/** One lane of the timeline, drawn by uPlot; `seek` is called with the time that was clicked. */
export function createLaneChart(element: HTMLElement, first: LaneView, seek: (timeS: number) => void): LaneChart {
	let view = first;
	let colours = readColours(element);
	let markS: number | null = null;
	const remPx = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
	const line = document.createElement('i');
	line.className = 'lane-mark';

	const placeMark = () => {
		line.hidden = markS === null;
		if (markS !== null) line.style.transform = `translateX(${chart.valToPos(markS, 'x')}px)`;
	};
	const chart = new uPlot(
		{
			width: element.clientWidth || 300,
			height: remPx * (laneRem + (view.hasAxis ? axisRem : 0)),
			padding: [0, 1.35 * remPx, 0, 1.1 * remPx],
			legend: { show: false },
			cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
			scales: { x: { time: false, range: () => [0, view.endS] }, y: { range: [-margin, 1 + margin] } },
			axes: [
				{
					size: view.hasAxis ? remPx * axisRem : 0,
					font: `${0.82 * remPx}px system-ui, sans-serif`,
					stroke: () => colours.soft,
					grid: { stroke: () => colours.line, width: 1 },
					ticks: { show: false },
					space: 4.2 * remPx,
					incrs: [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200],
					values: (_, times) => times.map((time) => (view.hasAxis ? view.timeText(time) : null)),
				},
				{ show: false },
			],
			series: [
				{},
				{
					stroke: () => colours.soft,
					width: 1.5,
					spanGaps: false,
					points: { show: true, size: 6.5, width: 0, fill: () => colours.ink },
				},
			],
			hooks: {
				drawClear: [(plot) => drawBands(plot, view, colours)],
				draw: [(plot) => drawPoor(plot, view, colours)],
				setSize: [placeMark],
				ready: [
					(plot) => {
						plot.over.append(line);
						plot.over.addEventListener('click', () => seek(plot.posToVal(plot.cursor.left ?? 0, 'x')));
					},
				],
			},
		},
		dataOf(view),
		element,
	);
	placeMark();
	fitDots(chart, first);

	const resize = () => {
		const width = matchMedia('print').matches ? paperWidth : element.clientWidth;
		if (width > 0 && width !== chart.width) chart.setSize({ width, height: chart.height });
	};
	const sized = new ResizeObserver(resize);
	sized.observe(element);
	const leave = onColoursChange(() => {
		colours = readColours(element);
		resize();
		chart.redraw();
	});
	return {
		update(next) {
			view = next;
			fitDots(chart, next);
			chart.setData(dataOf(next));
			placeMark();
		},
		mark(timeS) {
			markS = timeS;
			placeMark();
		},
		destroy() {
			sized.disconnect();
			leave();
			chart.destroy();
		},
	};
}

/** Dots are as large as leaves them apart, px. */
function fitDots(chart: uPlot, { timesS }: LaneView): void {
	const points = chart.series[1]?.points;
	if (points) points.size = Math.min(6.5, Math.max(3, (0.8 * chart.width) / Math.max(1, timesS.length)));
}

const dataOf = ({ timesS, lane }: LaneView): uPlot.AlignedData => [timesS, lane.scores];

function drawBands({ ctx, bbox, valToPos }: uPlot, { thresholds }: LaneView, colours: Colours): void {
	const { left, width, top, height } = bbox;
	ctx.save();
	ctx.fillStyle = colours.wash;
	ctx.fillRect(left, top, width, height);
	if (thresholds) {
		const [upper, lower] = [
			valToPos(thresholds.likelyFakeAbove, 'y', true),
			valToPos(thresholds.likelyRealBelow, 'y', true),
		];
		ctx.fillStyle = colours['fake-wash'];
		ctx.fillRect(left, top, width, upper - top);
		ctx.fillStyle = colours['real-wash'];
		ctx.fillRect(left, lower, width, top + height - lower);
		ctx.strokeStyle = colours.soft;
		ctx.setLineDash([4, 5]);
		ctx.lineWidth = devicePixelRatio;
		ctx.beginPath();
		for (const y of [upper, lower]) {
			ctx.moveTo(left, y);
			ctx.lineTo(left + width, y);
		}
		ctx.stroke();
	}
	ctx.restore();
}

/** Short marks at the bottom for faces too poor to judge. */
function drawPoor({ ctx, bbox, valToPos }: uPlot, { timesS, lane }: LaneView, colours: Colours): void {
	const bottom = bbox.top + bbox.height;
	ctx.save();
	ctx.strokeStyle = colours.soft;
	ctx.lineWidth = 2 * devicePixelRatio;
	ctx.beginPath();
	for (const [i, timeS] of timesS.entries()) {
		if (lane.skipped[i] === null) continue;
		const x = valToPos(timeS, 'x', true);
		ctx.moveTo(x, bottom);
		ctx.lineTo(x, bottom - 8 * devicePixelRatio);
	}
	ctx.stroke();
	ctx.restore();
}
