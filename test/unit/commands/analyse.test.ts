import { describe, expect, it } from 'vitest';
import { declareAnalyse } from '../../../function/commands/analyse.ts';
import type { OpenAnalyser } from '../../../function/commands/open-analyser.ts';
import { AnalysisError } from '../../../function/errors.ts';
import { sampleReports } from '../sample-report.ts';
import { runDeclared } from './run-declared.ts';

/** Analyses by file name: one that contains `bad` fails. */
const open: OpenAnalyser = async () => {
	const sample = await sampleReports.fake();
	return {
		identity: '',
		model: { id: 'm', sha256: '0'.repeat(64), isCustom: true },
		provenance: { tool: { name: 'unmask', version: '0' }, models: [], provider: 'cpu' },
		async analyseFile(file, _signal, { onEvent, plan = sample.plan } = {}) {
			onEvent?.({ type: 'video', fileName: file, video: sample.video });
			if (file.includes('bad')) throw new AnalysisError('truncated', 'probe');
			return { ...sample, plan, fileName: file };
		},
		async close() {},
	};
};

const run = (args: string[]) =>
	runDeclared((io, done) => declareAnalyse(io, done, open), args, { terminal: { isTTY: true, columns: 70 } });

describe('unmask analyse on a terminal', () => {
	it.each([['a.mp4'], ['a.mp4', '--compare-modes']])(
		'clears its progress line before it prints: %s %s',
		async (...args) => {
			const { status, out, err } = await run(args);
			expect(status).toBe(0);
			expect(out).toContain('a.mp4');
			expect(err).toContain('a.mp4  reading');
			expect(err.endsWith('\r\u001b[K')).toBe(true);
		},
	);

	it('clears it before it prints a failure, and continues', async () => {
		const { status, out, err } = await run(['bad.mp4', 'a.mp4']);
		expect(status).toBe(3);
		expect(out).toContain('a.mp4');
		expect(err).toContain('\r\u001b[Kbad.mp4: The file is incomplete');
	});
});
