import { usualStepS } from '../answer/usual-step.ts';
import type { FaceEntry } from '../contract/report.ts';

type Face = Pick<FaceEntry, 'frameIndex' | 'timeS' | 'fakeProbability' | 'excluded' | 'secondPass'>;

const blocks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/**
 * A track over time as one line of `width` characters from 0 to `durationS`: ▁ = 0 to █ = 1 (mean fakeProbability of the judged faces in
 * that interval), · if no face was judged. A face counts for the time half-way to its neighbouring sampled frames.
 */
export function timelineBlocks(faces: readonly Face[], durationS: number, width: number): string {
	const columnS = durationS / width;
	const usualS = usualStepS([faces]);
	/** A tenth more than half, so that rounding of sampled times to frames leaves no gaps; frames may come in bursts. */
	const reachS = (a: Face | undefined, b: Face | undefined) =>
		0.55 * Math.max(columnS, a && b && b.frameIndex - a.frameIndex === 1 ? b.timeS - a.timeS : usualS);
	const judged = faces.flatMap((face, i) => {
		const [fromS, toS] = [face.timeS - reachS(faces[i - 1], face), face.timeS + reachS(face, faces[i + 1])];
		return face.excluded === null ? [{ fromS, toS, fakeProbability: face.fakeProbability }] : [];
	});
	const column = (k: number) => {
		const centreS = (k + 0.5) * columnS;
		const near = judged.filter(({ fromS, toS }) => fromS <= centreS && centreS <= toS);
		if (near.length === 0) return '·';
		const mean = near.reduce((sum, face) => sum + face.fakeProbability, 0) / near.length;
		return blocks[Math.min(blocks.length - 1, Math.floor(mean * blocks.length))];
	};
	return Array.from({ length: Math.max(0, width) }, (_, k) => column(k)).join('');
}
