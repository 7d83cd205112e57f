import { planSchema } from '../../function/contract/plan.ts';
import { toAnalysisError } from '../../function/errors.ts';
import { createMomentCollector } from '../../function/evidence/moments.ts';
import { shrinkSquare } from '../../function/model/preprocess/shrink-square.ts';
import { analyse, type Stages } from '../../function/pipeline.ts';
import { cropFaces } from '../../function/vision/crop-faces.ts';
import { scoreFaces } from '../../function/vision/score-faces.ts';
import type { FromDevice, ToDevice } from './messages.ts';
import { openFile } from './open-file.ts';
import { type DeviceModels, openDeviceModels } from './open-models.ts';
import { openProvenance } from './open-provenance.ts';
import { encodeCrop, encodeMoment } from './pictures.ts';
import { runtimeVersion } from './runtime.ts';

/** Version of this program, inserted by the build. */
declare const __UNMASK_VERSION__: string;

/**
 * The analysis inside the browser: the program's own pipeline, with frames decoded and models run by the browser. It has a worker of its own so
 * that the page stays responsive; terminating the worker ends the analysis.
 */

/** Maximum number of crops per run of the classifier. */
const cropsPerRun = 8;

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
	const { file, plan, modelsUrl } = data;
	try {
		const stages = createStages(file, await open(modelsUrl));
		const signal = new AbortController().signal;
		for await (const event of analyse(file.name, file.name, planSchema.parse(plan), stages, signal))
			send({ type: 'event', event });
	} catch (thrown) {
		const error = toAnalysisError(thrown, 'decode').toFailure();
		send({ type: 'event', event: { type: 'failed', fileName: file.name, error } });
	}
});

function createStages(file: File, open: DeviceModels): Stages {
	const { id, tier, spec, calibration } = open.classifier;
	const { crop: cut, cropForQuality: cutForQuality, readCover } = open;
	const shrink = shrinkSquare(cut.size, cutForQuality.size);
	const cutting = { cut, rule: spec.crop, cutForQuality, readCover, shrink };
	return {
		openMedia: (_name, limits) => openFile(file, limits),
		detect: open.detect,
		identify: open.identify,
		cropFaces: (frames, video) => cropFaces(frames, cutting, video.width),
		scoreFaces: (groups) => scoreFaces(groups, open.classify, cropsPerRun),
		placement: null,
		framesPerGroup: 4,
		classifier: { id, network: null, calibration, frames: spec.frames, people: spec.people },
		sequence: null,
		createMoments: ({ heatMaps }) => createMomentCollector({ encode: encodeMoment, heatMaps }),
		encodeCrop,
		readProvenance: (_path, signal) => openProvenance(file, signal),
		provenance: {
			tool: { name: 'unmask', version: __UNMASK_VERSION__ },
			classifier: { id, network: null, tier, hasHeatMap: spec.heatMap !== null },
			models: [...open.entries],
			provider: 'wasm',
			environment: { onnxruntime: runtimeVersion ?? 'unknown', browser: navigator.userAgent },
		},
	};
}
