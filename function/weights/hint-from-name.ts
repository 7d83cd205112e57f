import { basename } from 'node:path';

/** What the name of a file of weights says of it; nobody measured it here. */
export type Hint = {
	/** Frames of a video that it was trained with; null = the name does not say. */
	readonly frames: number | null;
	/** Accuracy, per cent; null = the name does not say. */
	readonly accuracy: number | null;
};

/** Reads names as the older application gives them, `model_84_acc_10_frames_final_data.pt`. */
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
