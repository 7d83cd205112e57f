import type { CroppedFrame, ScoredFace, ScoredFrame } from '../values.ts';

/** What is said of each crop; see model/classify.ts. */
type Answer = Pick<ScoredFace, 'logit' | 'heatMap' | 'embedding'>;
type Classify = (crops: readonly Float32Array[]) => Promise<Answer[]>;

/** Scores the faces of groups of frames with the classifier, at most `cropsPerRun` in one go; frames come out in order, those without a face too. */
export async function* scoreFaces(
	groups: AsyncIterable<readonly CroppedFrame[]>,
	classify: Classify,
	cropsPerRun: number,
): AsyncGenerator<ScoredFrame, void> {
	for await (const group of groups) {
		const crops = group.flatMap((frame) => frame.faces.map((face) => face.pixels));
		const answers: Answer[] = [];
		for (let at = 0; at < crops.length; at += cropsPerRun)
			answers.push(...(await classify(crops.slice(at, at + cropsPerRun))));
		for (const frame of group) {
			const own = answers.splice(0, frame.faces.length);
			yield { ...frame, faces: frame.faces.map((face, i) => ({ ...face, ...(own[i] as Answer) })) };
		}
	}
}
