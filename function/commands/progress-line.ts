import { printable } from '../answer/printable.ts';
import type { AnalysisEvent } from '../contract/events.ts';
import type { Io } from './command.ts';

const barWidth = 24;

/** A terminal line with stage, frames, faces and time left; silent if stderr is not a terminal, or if `quiet`. */
export function createProgressLine(fileName: string, { stderr }: Io, quiet: boolean) {
	const startMs = performance.now();
	const shown = !quiet && stderr.isTTY === true;
	const write = (text: string) => {
		if (shown) stderr.write(`\r\u001b[K${printable(text).slice(0, (stderr.columns || 80) - 1)}`);
	};
	write(`${fileName}  reading`);
	return {
		show(event: AnalysisEvent) {
			if (event.type === 'video') write(`${fileName}  decoding`);
			if (event.type === 'moment') write(`${fileName}  collecting evidence`);
			if (event.type === 'progress') write(`${fileName}  ${progressText(event, (performance.now() - startMs) / 1000)}`);
		},
		/** Shows any other activity. */
		message(text: string) {
			write(`${fileName}  ${text}`);
		},
		/** Clears the line. */
		clear() {
			write('');
		},
	};
}

type Progress = Extract<AnalysisEvent, { type: 'progress' }>;

function progressText({ framesDone, framesTotal, faces }: Progress, elapsedS: number): string {
	const found = `${faces} ${faces === 1 ? 'face' : 'faces'}`;
	if (framesTotal === null) return `scoring  ${framesDone} frames, ${found}`;
	const share = Math.min(1, framesDone / framesTotal);
	const bar = '█'.repeat(Math.round(share * barWidth)).padEnd(barWidth, '░');
	const leftS = Math.ceil((elapsedS / share) * (1 - share));
	return `scoring  ${bar} ${framesDone}/${framesTotal} frames, ${found}, about ${leftS} s left`;
}
