import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../function/config.ts';
import { errorTable } from '../../function/errors.ts';
import { createMetrics } from '../../function/http/metrics.ts';
import type { Analyses } from '../../function/worker/analyses.ts';
import { createFakeInference } from './analyses-fakes.ts';

/** What operators are given names what the program has. */

const read = (path: string) => readFileSync(join(packageRoot(), path), 'utf8');
const analyses: Pick<Analyses, 'status'> = {
	status: () => ({ running: 0, waiting: 0, slots: 1, queue: 1, secondsAFrame: null, secondsAFrameByModel: {} }),
};

/** Names of all metrics and the labels of those that have any, as `/metrics` gives them. */
function knownMetrics(): Map<string, readonly string[]> {
	const metrics = createMetrics();
	metrics.watch(analyses as Analyses, createFakeInference().inference);
	return new Map(
		metrics.registry.getMetricsAsArray().flatMap((metric) => {
			const { name, labelNames = [] } = metric as unknown as { name: string; labelNames?: readonly string[] };
			return [name, `${name}_bucket`, `${name}_sum`, `${name}_count`].map((each) => [each, [...labelNames, 'le']]);
		}),
	);
}

type Dashboard = {
	readonly panels: readonly {
		readonly id: number;
		readonly title: string;
		readonly targets: readonly { readonly expr: string }[];
	}[];
};
const dashboard = JSON.parse(read('docs/dashboard.json')) as Dashboard;
const expressions = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

describe('the dashboard', () => {
	it('asks for metrics that the service has, by labels that they have', () => {
		const known = knownMetrics();
		for (const expression of expressions) {
			const names = expression.match(/\b(unmask|process)_\w+/g) ?? [];
			expect(names, expression).not.toEqual([]);
			for (const name of names) expect(known.has(name), name).toBe(true);
			const labels = /by \(([^)]*)\)/.exec(expression)?.[1]?.split(/, */) ?? [];
			for (const label of labels) expect(known.get(names[0] as string), expression).toContain(label);
		}
	});

	it('shows every metric of ours', () => {
		const all = [...knownMetrics().keys()].filter(
			(name) => /^unmask_/.test(name) && !/_(bucket|sum|count)$/.test(name),
		);
		const unseen = all.filter((name) => !expressions.some((expression) => expression.includes(name)));
		expect(unseen).toEqual([]);
	});
});

describe('the runbook', () => {
	const text = read('docs/runbook.md');
	it('has sixteen failures, each with what is seen, why, and what to do', () => {
		const sections = text.split(/^## /m).slice(1);
		expect(sections).toHaveLength(16);
		for (const section of sections)
			for (const part of ['See', 'Why', 'Do']) expect(section).toContain(`- **${part}:**`);
	});

	it('names metrics, codes and settings that exist', () => {
		const known = knownMetrics();
		for (const [name] of text.matchAll(/unmask_\w+/g)) expect(known.has(name), name).toBe(true);
		for (const [, code] of text.matchAll(/code="([\w-]+)"/g)) expect(errorTable).toHaveProperty(code as string);
		const config = read('function/config.ts');
		for (const [name] of text.matchAll(/\b(UNMASK|OTEL|FFMPEG)_[A-Z_]+/g)) expect(config).toContain(`${name}:`);
	});
});
