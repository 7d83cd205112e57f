import { basename } from 'node:path';

/** What the name of a weights file claims; not measured here. */
export type Hint = {
	/** Frames per video in training; null if the name does not say. */
	readonly frames: number | null;
	/** Accuracy, per cent; null if the name does not say. */
	readonly accuracy: number | null;
};

/** Parses file names of the legacy application, `model_84_acc_10_frames_final_data.pt`. */
export function hintFromName(path: string): Hint {
	const name = basename(path);
	const numberOf = (pattern: RegExp) => {
		const found = pattern.exec(name)?.[1];
		return found === undefined ? null : Number(found);
	};
	const accuracy = numberOf(/(?:^|_)(\d{1,3})_acc(?:_|\.|$)/);
	return {
		frames: numberOf(/(?:^|_)(\d{1,4})_frames(?:_|\.|$)/),
		accuracy: accuracy !== null && accuracy <= 100 ? accuracy : null,
	};
}
