import type { Footprint } from '../tools/service-footprint.ts';

/** What every hardening run asks of a service that has been through it. */

/** Files that a service keeps for itself. */
export const isOwnFile = (path: string) => /\/(secret|\.check-[^/]*)$/.test(path);

/** Growth of memory from early in a run to its end that is taken for a leak, MB. */
const growthMb = 150;

/** Whether service or models grew by more than a run should; nothing = no. */
export function memoryFault(early: Footprint, last: Footprint): string[] {
	const parts = ['serviceMb', 'modelsMb'] as const;
	return parts
		.filter((part) => last[part] - early[part] > growthMb)
		.map((part) => `memory: ${part} ${early[part]} became ${last[part]}`);
}
