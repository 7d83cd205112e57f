import { expect, it } from 'vitest';
import type { Api } from '../../../function/client/service-api.ts';
import type { WirePlan } from '../../../function/contract/plan.ts';
import type { Device } from '../../../spa/device/device.ts';
import { Analysis } from '../../../spa/lib/analysis.svelte.ts';
import { sampleReports } from '../../unit/sample-report.ts';
import { testSurroundings } from '../surroundings.ts';

it('a model chosen for the server is not in the plan of an analysis on this device', async () => {
	const plans: WirePlan[] = [];
	const report = await sampleReports.real();
	const device: Device = {
		async *analyse(_file, plan) {
			plans.push(plan);
			yield { type: 'report', report };
		},
	};
	const analysis = new Analysis(
		{ file: new File(['\0\0\0\x18ftypmp42', new Uint8Array(2000)], 'clip.mp4'), limits: null },
		// any call of the service would fail here
		{ api: {} as Api, device, around: testSurroundings().around, depth: 20, onChange: () => {} },
	);
	await analysis.check();
	analysis.setModel('unmask-lite0x2-224');
	analysis.setPlace('device');
	await analysis.start();
	expect(analysis).toMatchObject({ stage: 'done', fault: null });
	expect(plans).toMatchObject([{ frames: 20, model: null, tier: null, stability: false }]);
});
