import type { Coverage, ErrorRate, Outcome, Reason, Report } from '../contract/report.ts';

/** An answer in two or three words, as a label beside its colour. */
export const outcomeWords: Record<Outcome, string> = {
	'likely-fake': 'Strong signs of manipulation',
	'likely-real': 'No signs found',
	uncertain: 'Cannot say',
	'not-applicable': 'Not judged',
};

/** What a reason means and what can be done about it. */
export const reasonWords: Record<Reason, string> = {
	'no-face': 'No face was found in the frames that were looked at. Only faces are judged; more frames may find one.',
	'face-too-small': 'The face is less than 48 pixels high. A version of the file with a larger picture may help.',
	'face-too-blurred': 'The face is too blurred to judge. A sharper or less compressed version may help.',
	'face-outside-picture': 'Too much of the face lies outside of the picture.',
	'too-few-frames': 'The face is seen in too few frames to judge. Looking at more frames, or a longer clip, may help.',
	'near-threshold': 'The score lies between the two limits from which on an answer is given.',
	'wide-interval':
		'Some frames show strong signs and others none, so that the mean says little. Look at the faces below.',
	'tracks-disagree': 'The faces in this video do not agree: at least one of them shows no signs.',
	'still-image': 'This is a single picture; a video would show the face more than once and give a range.',
	'not-calibrated':
		'How often this model is wrong was not measured here, so no limits are known and no answer is given from its score. `unmask eval --calibrate` measures it on labelled files.',
	'not-main-face': 'This model is used on the main face alone; this one was not judged.',
	'decode-errors': 'Most of the frames that were taken are damaged. The original file, not a copy, may help.',
};

/** How a model of the older application was read and what that would have shown, sentence by sentence; none for other models. */
export function olderWords({ older, coverage }: Report): string[] {
	if (!older) return [];
	const frames = plural(coverage.framesSampled, 'frame');
	const how = {
		seed: `Mode seed: the first ${frames}, one face of each or the whole frame, and the last frame alone decides, as in the older application.`,
		trained: `Mode trained: the first ${frames}, one face of each or the whole frame, and their mean decides, as in the training of the older application.`,
		robust: `Mode robust: ${frames} of the whole clip, every person followed and judged as this program does.`,
	};
	if (!older.said) return [how[older.mode]];
	const { label, percent } = older.said;
	return [
		`What the older application would have said: ${label}, ${percent.toFixed(1)} %. That is its own number, not this program’s answer; how often it is wrong was not measured.`,
		how[older.mode],
		'The box of a face comes from this program’s detector, not from dlib’s as there, so that its number can differ.',
	];
}

/** Which classifier judged, with its tier where it has one; null in reports that do not tell. */
export function judgedByText({ classifier }: Report): string | null {
	return classifier && (classifier.tier === null ? classifier.id : `${classifier.id}, the ${classifier.tier} tier`);
}

/** Said where a classifier gives no heat maps. */
export const noHeatMapWords =
	'This model does not tell where in a face its score comes from, so there are no heat maps.';

/** Said beside the score of a classifier whose errors nobody measured. */
export const notCalibratedWords =
	'This number is the model’s own. How often it is wrong was not measured, so there are no limits from which on it means something.';

const samplingWords: Record<Coverage['sampling'], string> = {
	linear: 'decoded from the start, frames spread over the clip',
	'key-frames': 'key frames and short bursts after them, spread over the clip',
	image: 'a single picture',
};

/** What was done to choose the frames. */
export function samplingText({ coverage }: Report): string {
	return coverage.part === 'start' && coverage.sampling !== 'image'
		? 'the first frames, one after the other'
		: samplingWords[coverage.sampling];
}

/** A score 0..1 with two digits; never a bare 0 or 1, which no measurement gives. */
export function scoreText(probability: number): string {
	if (probability < 0.01) return 'below 0.01';
	if (probability > 0.99) return 'above 0.99';
	return probability.toFixed(2);
}

/** An interval in words: "0.88 to 0.96". */
export function rangeText([low, high]: readonly [number, number]): string {
	const [from, to] = [scoreText(low), scoreText(high)];
	return from === to ? from : `${from} to ${to}`;
}

/** A rate as people count: "about 3 in 100", "none". */
export function countsText({ rate, n }: Pick<ErrorRate, 'rate' | 'n'>): string {
	if (rate === 0) return `none of ${n}`;
	return rate * 100 >= 0.95
		? `about ${Math.round(rate * 100)} in 100`
		: `about ${Math.max(1, Math.round(rate * 1000))} in 1,000`;
}

/** "1 face", "3 faces". */
export function plural(count: number, one: string, many = `${one}s`): string {
	return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

/** A number of bytes in the unit that people read. */
export function bytesText(bytes: number): string {
	const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
	const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
	return power === 0 ? `${bytes} bytes` : `${(bytes / 1000 ** power).toFixed(1)} ${units[power]}`;
}

/** What this method cannot see; with a word on the heat maps where there are any. */
export function limitWords({ video }: Report, hasHeatMaps: boolean): string[] {
	const noun = video.kind === 'image' ? 'picture' : 'video';
	return [
		`This is not proof, in either direction. It is one sign among others; ask where the ${noun} comes from and who has the original.`,
		'Only faces are judged. Edits of anything else, and a scene that was generated as a whole, are not looked for.',
		...(video.kind === 'video' ? ['Sound is not analysed: a cloned voice or a changed word is not noticed.'] : []),
		'Strong compression, small size, filters and re-recording from a screen remove the traces that are looked for.',
		'The model learned from known kinds of manipulation; newer kinds can pass unnoticed.',
		...(hasHeatMaps ? ['The colours show where the score comes from, not what was changed.'] : []),
	];
}
