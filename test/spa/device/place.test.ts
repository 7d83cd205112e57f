import { expect, it } from 'vitest';
import type { Api } from '../../../function/client/service-api.ts';
import type { WirePlan } from '../../../function/contract/plan.ts';
import type { Failure } from '../../../function/contract/report.ts';
import type { Device, DeviceEvent } from '../../../spa/device/device.ts';
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

/** An analysis in this browser of a file that `events` answer. */
async function onDevice(file: File, events: readonly DeviceEvent[]): Promise<Analysis> {
	const device: Device = {
		async *analyse() {
			yield* events;
		},
	};
	const analysis = new Analysis(
		{ file, limits: null },
		{ api: {} as Api, device, around: testSurroundings().around, depth: 20, onChange: () => {} },
	);
	await analysis.check();
	analysis.setPlace('device');
	await analysis.start();
	return analysis;
}

const clip = () => new File(['\0\0\0\x18ftypmp42', new Uint8Array(2000)], 'clip.mp4');
const failed = (code: Failure['code']): DeviceEvent => ({
	type: 'failed',
	fileName: 'clip.mp4',
	error: { code, stage: 'decode', message: '', retryable: false },
});

it.each([
	['codec-unsupported', 'device-codec', false],
	['model-missing', 'device-models', true],
	['model-damaged', 'device-models', true],
	['model-failed', 'device-died', true],
	['internal', 'device-died', true],
] as const)('%s in this browser is shown as %s; offers to try again: %s', async (code, shown, retryable) => {
	expect(await onDevice(clip(), [failed(code)])).toMatchObject({ stage: 'failed', fault: { code: shown, retryable } });
});

it('a file that was moved or changed meanwhile is not called damaged', async () => {
	const file = clip();
	const analysis = await onDevice(
		Object.assign(file, { slice: () => ({ arrayBuffer: () => Promise.reject(new Error('NotReadableError')) }) }),
		[failed('not-a-video')],
	);
	expect(analysis.fault?.code).toBe('file-gone');
});

it('the picture of a frame is shown once its faces are scored', async () => {
	const report = await sampleReports.fake();
	const [track] = report.tracks;
	const face = track?.faces[0];
	if (!track || !face) throw new Error('the sample has faces');
	const seen: (number | null)[] = [];
	const device: Device = {
		async *analyse() {
			yield { type: 'reading', done: 1, total: 2 };
			seen.push(analysis.stage === 'reading' ? (analysis.loaded?.done ?? null) : null);
			yield { type: 'video', fileName: 'clip.mp4', video: report.video };
			yield { type: 'picture', timeS: face.timeS, jpegBase64: 'AAAA' };
			seen.push(analysis.shown?.timeS ?? null);
			yield { type: 'face', trackId: track.trackId, face, cropJpegBase64: null };
			seen.push(analysis.shown?.timeS ?? null);
			yield { type: 'report', report };
		},
	};
	const analysis = new Analysis(
		{ file: clip(), limits: null },
		{ api: {} as Api, device, around: testSurroundings().around, depth: 20, onChange: () => {} },
	);
	await analysis.check();
	analysis.setPlace('device');
	await analysis.start();
	expect(seen).toEqual([1, null, face.timeS]);
});
