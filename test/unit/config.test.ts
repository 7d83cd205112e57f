import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../function/config.ts';
import { AnalysisError, errorTable, toAnalysisError } from '../../function/errors.ts';

describe('parseConfig', () => {
	it('needs no variables, and treats an empty one as unset', () => {
		expect(parseConfig({ UNMASK_PROVIDER: '' })).toMatchObject({ UNMASK_PROVIDER: 'auto', FFMPEG_PATH: null });
	});

	it('reads settings by their names in earlier versions; the current name takes precedence', () => {
		expect(parseConfig({ UNMASK_BRING_MODEL: '/m.onnx', UNMASK_OWN_MODELS: '/old' })).toMatchObject({
			UNMASK_IMPORT_MODEL: '/m.onnx',
			UNMASK_CUSTOM_MODELS: '/old',
		});
		const both = { UNMASK_CUSTOM_MODELS: '/new', UNMASK_OWN_MODELS: '/old' };
		expect(parseConfig(both).UNMASK_CUSTOM_MODELS).toBe('/new');
	});

	it('reports all faults at once', () => {
		const parse = () => parseConfig({ UNMASK_PROVIDER: 'tpu', UNMASK_THREADS: 'many' });
		expect(parse).toThrow(/UNMASK_PROVIDER.*UNMASK_THREADS/);
	});
});

describe('errors', () => {
	it('each have a sentence, a status and an exit code', () => {
		for (const row of Object.values(errorTable)) {
			expect(row.sentence).toMatch(/^\S.*\.$/);
			expect(row.status).toBeGreaterThanOrEqual(400);
			expect([2, 3, 4, 5]).toContain(row.exit);
		}
	});

	it('are passed through, made from an abort, or become `internal` with their cause', () => {
		const known = new AnalysisError('truncated', 'probe', 'moov');
		expect(toAnalysisError(known, 'decode')).toBe(known);
		expect(toAnalysisError(new DOMException('stop', 'AbortError'), 'decode').code).toBe('cancelled');
		const cause = new TypeError('boom');
		expect(toAnalysisError(cause, 'decode')).toMatchObject({ code: 'internal', cause });
	});
});
