import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './config.ts';
import type { Plan } from './contract/plan.ts';
import { AnalysisError } from './errors.ts';
import { encodeCrop } from './evidence/encode-crop.ts';
import { createMomentCollector } from './evidence/moments.ts';
import type { FileLimits } from './media/check-file.ts';
import type { FfmpegTools } from './media/find-ffmpeg.ts';
import { probe } from './media/probe.ts';
import { sampleFrames } from './media/sample-frames.ts';
import type { Models } from './model/load-models.ts';
import { runtimeVersion } from './model/session.ts';
import type { Stages } from './pipeline.ts';
import { calibrationFor } from './verdict/calibration.ts';
import { createJudge } from './verdict/judge.ts';
import { isOlderMode } from './verdict/older-answer.ts';
import { cropFaces } from './vision/crop-faces.ts';
import { detectFaces } from './vision/detect-faces.ts';
import { detectOneFace, faceOrWholeFrame } from './vision/one-face.ts';
import { scoreFaces } from './vision/score-faces.ts';
import { trackFaces } from './vision/track-faces.ts';

/** Version of this program, from package.json. */
export const toolVersion: string = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')).version;

/** The real stages of an analysis over loaded models and a found ffmpeg. */
export function createStages(models: Models, tools: FfmpegTools, limits: FileLimits = {}): Stages {
	const { id, network, tier, spec } = models.classifier;
	const cutting = { cut: models.crop, rule: spec.crop, cutForQuality: models.cropForQuality };
	return {
		probe: (path, plan, signal) => {
			refuseMode(plan, models.classifier);
			return probe(path, plan, tools, signal, limits);
		},
		sampleFrames: (path, video, plan, signal) => sampleFrames(path, video, plan, tools, signal),
		detectFaces: (frames, { mode }) =>
			isOlderMode(mode) ? detectOneFace(frames, models.detect) : detectFaces(frames, models.detect),
		trackFaces: (frames, { mode }) =>
			isOlderMode(mode) ? faceOrWholeFrame(frames) : trackFaces(frames, models.identify),
		cropFaces: (frames, video) => cropFaces(frames, cutting, video.width),
		scoreFaces: (groups) => scoreFaces(groups, models.classify, models.cropsARun),
		placement: models.placement,
		framesAGroup: models.provider === 'cuda' ? 16 : 4,
		createJudge: (video, { mode }) => {
			if (isOlderMode(mode))
				return createJudge({ calibration: null, video, frames: mode === 'seed' ? 'last' : 'mean', judgesAll: true });
			const calibration = calibrationFor(video.kind, models.classifier.calibration);
			return createJudge({ calibration, video, frames: spec.frames, people: spec.people });
		},
		createMoments: (plan) => createMomentCollector({ heatMaps: plan.heatMaps }),
		encodeCrop: (face) => encodeCrop(face),
		provenance: {
			tool: { name: 'unmask', version: toolVersion },
			classifier: { id, network, tier, hasHeatMap: spec.heatMap !== null },
			models: [...models.entries],
			provider: models.provider,
			environment: {
				node: process.version,
				onnxruntime: runtimeVersion,
				ffmpeg: tools.nvdec ? `${tools.version}, NVDEC` : tools.version,
			},
		},
	};
}

/** The modes of the older application are for its models, and they count frames from the first. */
function refuseMode({ mode, frames }: Plan, { id, network }: Models['classifier']): void {
	if (mode === 'whole' || mode === 'first') return;
	if (network === null)
		throw new AnalysisError('usage', 'request', `Mode ${mode} is for models of the older application; ${id} is none.`);
	if (isOlderMode(mode) && frames === 'all')
		throw new AnalysisError('usage', 'request', `Mode ${mode} takes the first frames: a number of them, not all.`);
}
