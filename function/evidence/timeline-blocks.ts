import { usualStepS } from '../answer/usual-step.ts';
import type { FaceEntry } from '../contract/report.ts';

const blocks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/**
 * A track over time as one line of `width` characters from 0 to `durationS`: ▁ = 0 to █ = 1 (mean fakeProbability of the judged faces in
 * that interval), · if no face was judged. A face counts for the time half-way to its neighbouring sampled frames.
 */
export function timelineBlocks(
	faces: readonly Pick<FaceEntry, 'frameIndex' | 'timeS' | 'fakeProbability' | 'excluded' | 'secondPass'>[],
	durationS: number,
	width: number,
): string {
	const judged = faces.filter((face) => face.excluded === null);
	const columnS = durationS / width;
	const reachS = 0.55 * Math.max(columnS, usualStepS([faces])); // a tenth more than half, so that rounding of sampled times to frames leaves no gaps
	const column = (k: number) => {
		const centreS = (k + 0.5) * columnS;
		const near = judged.filter((face) => Math.abs(face.timeS - centreS) <= reachS);
		if (near.length === 0) return '·';
		const mean = near.reduce((sum, face) => sum + face.fakeProbability, 0) / near.length;
		return blocks[Math.min(blocks.length - 1, Math.floor(mean * blocks.length))];
	};
	return Array.from({ length: Math.max(0, width) }, (_, k) => column(k)).join('');
}
