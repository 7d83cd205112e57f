import type { RunningService } from '../tools/start-service.ts';
import type { Figure } from './figure.ts';

/** What every part of the service's bench gets: a built service that is ready, and where to tell figures. */
export type ServiceBench = {
	readonly service: RunningService;
	/** Where clips are kept between runs. */
	readonly folder: string;
	/** A clip of 2 s, 640 x 480. */
	readonly shortClip: string;
	readonly quick: boolean;
	readonly tell: (figure: Figure) => void;
};
