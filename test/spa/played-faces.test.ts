import { expect, it } from 'vitest';
import type { Box } from '../../function/contract/report.ts';
import { playedFaces, playedSize } from '../../spa/lib/played-faces.ts';
import { sampleReports } from '../unit/sample-report.ts';

const report = await sampleReports.real();
const face = { trackId: 1, fakeProbability: 0.5, excluded: null };
const played = { width: 640, height: 480 };
const box: Box = { x: 10, y: 20, width: 30, height: 40 };

/** The box after the picture of that height was rotated clockwise by a quarter turn. */
const quarter = ({ x, y, width, height }: Box, pictureHeight: number): Box => ({
	x: pictureHeight - y - height,
	y: x,
	width: height,
	height: width,
});

function turnedReport(degrees: number) {
	const { width, height } = played;
	const size = degrees % 180 === 0 ? { width, height } : { width: height, height: width };
	const notes = degrees === 0 ? [] : [{ code: 'turned' as const, degrees }];
	return { video: { ...report.video, ...size }, coverage: { ...report.coverage, notes } };
}

it.each([0, 90, 180, 270])(
	'boxes of a picture that was turned by %d degrees are where the player shows the faces',
	(degrees) => {
		let [turned, height, width] = [box, played.height, played.width];
		for (let turn = 0; turn < degrees; turn += 90) {
			turned = quarter(turned, height);
			[height, width] = [width, height];
		}
		const report = turnedReport(degrees);
		expect(playedFaces([{ ...face, box: turned }], report)).toEqual([{ ...face, box }]);
		expect(playedSize(report)).toEqual(played);
	},
);

it('reports from before there were notes keep their boxes', () => {
	const { notes: _, ...coverage } = turnedReport(0).coverage;
	expect(playedFaces([{ ...face, box }], { ...turnedReport(0), coverage } as never)).toEqual([{ ...face, box }]);
});
