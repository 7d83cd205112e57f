import { planSchema } from '../../function/contract/plan.ts';
import type { Provenance } from '../../function/contract/provenance.ts';
import { toAnalysisError } from '../../function/errors.ts';
import { createMomentCollector } from '../../function/evidence/moments.ts';
import { shrinkSquare } from '../../function/model/preprocess/shrink-square.ts';
import { analyse, type Media, type Stages } from '../../function/pipeline.ts';
import type { TrackedFrame } from '../../function/values.ts';
import { cropFaces } from '../../function/vision/crop-faces.ts';
import { scoreFaces } from '../../function/vision/score-faces.ts';
import type { FromDevice, ToDevice } from './messages.ts';
import { openFile } from './open-file.ts';
import { type DeviceModels, openDeviceModels } from './open-models.ts';
import { openProvenance } from './open-provenance.ts';
import { encodeCrop, encodeFrame, encodeMoment } from './pictures.ts';
import { runtimeVersion } from './runtime.ts';

/** Version of this program, inserted by the build. */
declare const __UNMASK_VERSION__: string;

/**
 * The analysis inside the browser: the program's own pipeline, with frames decoded and models run by the browser. It has a worker of its own so
 * that the page stays responsive; terminating the worker ends the analysis.
 */

/**
 * Maximum number of crops per run of the classifier. More are hardly faster, and what a network needs for them at once stays in the runtime's memory,
 * which never shrinks.
 */
const cropsPerRun = 2;

/** Shortest time between two pictures of frames, milliseconds. */
const pictureEveryMs = 400;

/** Longest wait for a file's origin before its models are opened, milliseconds: a large file with credentials is hashed completely. */
const originFirstMs = 10_000;

const send = (message: FromDevice) => self.postMessage(message);

let models: Promise<DeviceModels> | null = null;

/** Opens the models once; after a failure, the next call tries again. */
function open(base: string): Promise<DeviceModels> {
	models ??= openDeviceModels(base, (done, total) => send({ type: 'loading', done, total }));
	models.catch(() => {
		models = null;
	});
	return models;
}

self.addEventListener('message', async ({ data }: MessageEvent<ToDevice>) => {
	const { file, modelsUrl } = data;
	let media: Media | null = null;
	try {
		const plan = planSchema.parse(data.plan);
		const signal = new AbortController().signal;
		media = await openFile(file, plan, (done) => send({ type: 'reading', done, total: file.size }));
		// before the models, because the programs that read it need memory, too
		const origin = openProvenance(file, signal);
		await Promise.race([origin, new Promise((resolve) => setTimeout(resolve, originFirstMs))]);
		const stages = createStages(media, await open(modelsUrl), origin);
		for await (const event of analyse(file.name, file.name, plan, stages, signal)) send({ type: 'event', event });
	} catch (thrown) {
		media?.close();
		const error = toAnalysisError(thrown, 'decode').toFailure();
		send({ type: 'event', event: { type: 'failed', fileName: file.name, error } });
	}
});

function createStages(media: Media, open: DeviceModels, origin: Promise<Provenance>): Stages {
	const { id, tier, spec, calibration } = open.classifier;
	const { crop: cut, cropForQuality: cutForQuality, readCover } = open;
	const shrink = shrinkSquare(cut.size, cutForQuality.size);
	const cutting = { cut, rule: spec.crop, cutForQuality, readCover, shrink };
	return {
		openMedia: async () => media,
		detect: open.detect,
		identify: open.identify,
		cropFaces: (frames, video) => cropFaces(picturesOf(frames), cutting, video.width),
		scoreFaces: (groups) => scoreFaces(groups, open.classify, cropsPerRun),
		placement: null,
		// detection and scoring take turns in this one thread, so waiting frames would only take memory
		framesPerGroup: 1,
		framesAhead: 1,
		classifier: { id, network: null, calibration, frames: spec.frames, people: spec.people },
		sequence: null,
		createMoments: ({ heatMaps }) => createMomentCollector({ encode: encodeMoment, heatMaps }),
		encodeCrop,
		readProvenance: () => origin,
		provenance: {
			tool: { name: 'unmask', version: __UNMASK_VERSION__ },
			classifier: { id, network: null, tier, hasHeatMap: spec.heatMap !== null },
			models: [...open.entries],
			provider: 'wasm',
			environment: { onnxruntime: runtimeVersion ?? 'unknown', browser: navigator.userAgent },
		},
	};
}

/** Passes frames through and sends a small picture of some of those with faces, so that the page needs no decoder of its own to show them. */
async function* picturesOf(frames: AsyncIterable<TrackedFrame>): AsyncGenerator<TrackedFrame, void> {
	let lastMs = Number.NEGATIVE_INFINITY;
	for await (const tracked of frames) {
		if (tracked.faces.length > 0 && performance.now() - lastMs >= pictureEveryMs) {
			lastMs = performance.now();
			const { timeS } = tracked.frame;
			send({ type: 'picture', timeS, jpegBase64: await encodeFrame(tracked.frame) });
		}
		yield tracked;
	}
}
