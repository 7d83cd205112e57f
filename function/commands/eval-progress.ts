import { printable } from '../answer/printable.ts';
import type { ItemResult } from '../eval/item-result.ts';
import type { Io } from './command.ts';

/** A terminal line with the number of files done, failed and without a score, and the time left; silent if stderr is not a terminal, or if `quiet`. */
export function createEvalProgress(total: number, { stderr }: Pick<Io, 'stderr'>, quiet: boolean) {
	const startMs = performance.now();
	const shown = !quiet && stderr.isTTY === true;
	const counts = { kept: 0, done: 0, failed: 0, unscored: 0 };
	const write = (text: string) => {
		if (shown) stderr.write(`\r\u001b[K${printable(text).slice(0, (stderr.columns || 80) - 1)}`);
	};
	const leftText = () => {
		const analysed = counts.done - counts.kept;
		if (analysed === 0) return '';
		const seconds = ((performance.now() - startMs) / 1000 / analysed) * (total - counts.done);
		return `, about ${durationText(seconds)} left`;
	};
	write(`0/${total} files`);
	return {
		/** Counts a finished item; `isKept` = found in the log of an earlier run. */
		add({ status, path }: Pick<ItemResult, 'status' | 'path'>, isKept: boolean) {
			counts.done++;
			if (isKept) counts.kept++;
			if (status === 'failed') counts.failed++;
			if (status === 'unscored') counts.unscored++;
			const kept = counts.kept > 0 ? `, ${counts.kept} from before` : '';
			const odd = `${counts.unscored} without a score, ${counts.failed} failed`;
			write(`${counts.done}/${total} files${kept}, ${odd}${leftText()}  ${path}`);
		},
		done: () => counts.done,
		/** Clears the line. */
		clear: () => write(''),
	};
}

function durationText(seconds: number): string {
	if (seconds < 90) return `${Math.ceil(seconds)} s`;
	if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
	return `${(seconds / 3600).toFixed(1)} h`;
}
