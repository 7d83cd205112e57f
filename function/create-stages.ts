import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './config.ts';
import { encodeCrop, encodeMoment } from './evidence/encode-crop.ts';
import { createMomentCollector } from './evidence/moments.ts';
import type { FileLimits } from './media/check-file.ts';
import type { FfmpegTools } from './media/find-ffmpeg.ts';
import { openMedia } from './media/open-media.ts';
import type { OpenClassifier } from './model/model-host.ts';
import { shrinkSquare } from './model/preprocess/shrink-square.ts';
import { runtimeVersion } from './model/session.ts';
import type { Stages } from './pipeline.ts';
import { openProvenance } from './provenance/open-provenance.ts';
import { cropFaces } from './vision/crop-faces.ts';
import { scoreFaces } from './vision/score-faces.ts';

/** Version of this program, from package.json. */
export const toolVersion: string = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')).version;

/** The production stages of an analysis, on loaded models and an installed ffmpeg. */
export function createStages(
	models: OpenClassifier,
	tools: FfmpegTools,
	{ readsProvenance = true, ...limits }: FileLimits & { readonly readsProvenance?: boolean } = {},
): Stages {
	const { id, network, tier, spec, calibration } = models.classifier;
	const { crop: cut, cropForQuality: cutForQuality, readCover } = models;
	const shrink = shrinkSquare(cut.size, cutForQuality.size);
	const cutting = { cut, rule: spec.crop, cutForQuality, readCover, shrink };
	return {
		openMedia: (path, { maxDurationS }, signal) =>
			openMedia(path, { tools, signal, limits: { ...limits, maxDurationS } }),
		detect: models.detect,
		identify: models.identify,
		cropFaces: (frames, video) => cropFaces(frames, cutting, video.width),
		scoreFaces: (groups) => scoreFaces(groups, models.classify, models.cropsPerRun),
		placement: models.placement,
		framesPerGroup: models.provider === 'cuda' ? 16 : 4,
		classifier: { id, network, calibration, frames: spec.frames, people: spec.people },
		sequence: models.sequence && [models.sequence.refine, models.sequence.rules],
		createMoments: (plan) => createMomentCollector({ encode: encodeMoment, heatMaps: plan.heatMaps }),
		encodeCrop: (face) => encodeCrop(face),
		readProvenance: readsProvenance ? openProvenance : null,
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
