import type { RunningService } from '../tools/start-service.ts';
import type { Figure } from './figure.ts';

/** The input of each part of the service bench: a built service that is ready, and a callback for figures. */
export type ServiceBench = {
	readonly service: RunningService;
	/** Where clips are cached between runs. */
	readonly folder: string;
	/** A clip of 2 s, 640 x 480. */
	readonly shortClip: string;
	readonly quick: boolean;
	readonly report: (figure: Figure) => void;
};
