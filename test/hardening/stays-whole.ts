import type { Footprint } from '../tools/service-footprint.ts';

/** The checks of a service after every hardening run. */

/** Files that a service keeps for itself. */
export const isOwnFile = (path: string) => /\/(secret|\.check-[^/]*)$/.test(path);

/** Memory growth from early in a run to its end that counts as a leak, MB. */
const growthMb = 150;

/** Reports service or models if they grew by more than a run should; empty = they did not. */
export function memoryFault(early: Footprint, last: Footprint): string[] {
	const parts = ['serviceMb', 'modelsMb'] as const;
	return parts
		.filter((part) => last[part] - early[part] > growthMb)
		.map((part) => `memory: ${part} ${early[part]} became ${last[part]}`);
}
