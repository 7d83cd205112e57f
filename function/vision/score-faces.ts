import type { CroppedFrame, ScoredFace, ScoredFrame } from '../values.ts';

/** The classifier's output for a crop; see model/classify.ts. */
type Output = Pick<ScoredFace, 'logit' | 'heatMap' | 'embedding'>;
type Classify = (crops: readonly Float32Array[]) => Promise<Output[]>;

/** Scores the faces of groups of frames, at most `cropsPerRun` per run of the classifier; yields all frames in order, including those without a face. */
export async function* scoreFaces(
	groups: AsyncIterable<readonly CroppedFrame[]>,
	classify: Classify,
	cropsPerRun: number,
): AsyncGenerator<ScoredFrame, void> {
	for await (const group of groups) {
		const crops = group.flatMap((frame) => frame.faces.map((face) => face.pixels));
		const outputs: Output[] = [];
		for (let at = 0; at < crops.length; at += cropsPerRun)
			outputs.push(...(await classify(crops.slice(at, at + cropsPerRun))));
		for (const frame of group) {
			const own = outputs.splice(0, frame.faces.length);
			yield { ...frame, faces: frame.faces.map((face, i) => ({ ...face, ...(own[i] as Output) })) };
		}
	}
}
