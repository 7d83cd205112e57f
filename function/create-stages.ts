import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './config.ts';
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
import { cropFaces } from './vision/crop-faces.ts';
import { detectFaces } from './vision/detect-faces.ts';
import { scoreFaces } from './vision/score-faces.ts';
import { trackFaces } from './vision/track-faces.ts';

/** Version of this program, from package.json. */
export const toolVersion: string = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')).version;

/** The real stages of an analysis over loaded models and a found ffmpeg. */
export function createStages(models: Models, tools: FfmpegTools, limits: FileLimits = {}): Stages {
	const { id, spec } = models.classifier;
	const cutting = { cut: models.crop, rule: spec.crop, cutForQuality: models.cropForQuality };
	return {
		probe: (path, plan, signal) => probe(path, plan, tools, signal, limits),
		sampleFrames: (path, video, plan, signal) => sampleFrames(path, video, plan, tools, signal),
		detectFaces: (frames) => detectFaces(frames, models.detect),
		trackFaces: (frames) => trackFaces(frames, models.identify),
		cropFaces: (frames, video) => cropFaces(frames, cutting, video.width),
		scoreFaces: (groups) => scoreFaces(groups, models.classify),
		createJudge: (video) => {
			const calibration = calibrationFor(video.kind, models.classifier.calibration);
			return createJudge({ calibration, video, frames: spec.frames, people: spec.people });
		},
		createMoments: (plan) => createMomentCollector({ heatMaps: plan.heatMaps }),
		encodeCrop: (face) => encodeCrop(face),
		provenance: {
			tool: { name: 'unmask', version: toolVersion },
			classifier: { id, hasHeatMap: spec.heatMap !== null },
			models: [...models.entries],
			provider: models.provider,
			environment: { node: process.version, onnxruntime: runtimeVersion, ffmpeg: tools.version },
		},
	};
}
