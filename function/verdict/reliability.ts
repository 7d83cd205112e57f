/** Clips whose probabilities lie close together, and how many of them are manipulated. */
export type ReliabilityBin = {
	/** Mean of their probabilities, 0..1. */
	readonly meanProbability: number;
	readonly n: number;
	readonly manipulated: number;
};

/** Parts that the probabilities from 0 to 1 are cut into. */
const parts = 10;

/** Whether probabilities mean what they say: known clips by their probability, in equal parts from 0 to 1; a part without clips is left out. */
export function reliabilityOf({
	genuine,
	manipulated,
}: {
	readonly genuine: readonly number[];
	readonly manipulated: readonly number[];
}): ReliabilityBin[] {
	const partOf = (probability: number) => Math.min(parts - 1, Math.floor(probability * parts));
	return Array.from({ length: parts }, (_, part) => {
		const fakes = manipulated.filter((probability) => partOf(probability) === part);
		const all = [...genuine.filter((probability) => partOf(probability) === part), ...fakes];
		const sum = all.reduce((total, probability) => total + probability, 0);
		return { meanProbability: sum / all.length, n: all.length, manipulated: fakes.length };
	}).filter(({ n }) => n > 0);
}
