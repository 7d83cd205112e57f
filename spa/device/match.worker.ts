import { toAnalysisError } from '../../function/errors.ts';
import { findModel } from '../../function/model/manifest-schema.ts';
import type { Identify } from '../../function/vision/people.ts';
import { faceInCrop, matchPeople } from '../../function/vision/same-person.ts';
import { fetchManifest, fetchSomeModels } from './fetch-models.ts';
import type { FromMatcher, KeyFace, ToMatcher } from './match-messages.ts';
import { createIdentify } from './open-models.ts';
import { pictureFromImage } from './pictures.ts';
import { openSession, prepareRuntime } from './runtime.ts';

/** Compares the key faces of two reports, using only the identity model. Runs in its own worker, which is terminated after each request. */

const send = (message: FromMatcher) => self.postMessage(message);

async function openIdentify(base: string): Promise<Identify> {
	prepareRuntime();
	const manifest = await fetchManifest(base);
	const identity = findModel(manifest, 'identity');
	const crop = findModel(manifest, 'crop', identity.crop);
	const bytes = (await fetchSomeModels(base, [identity]).next()).value as Uint8Array;
	return createIdentify(identity, await openSession(identity.id, bytes, true), crop.size);
}

async function describe(identify: Identify, { jpegBase64, crop, face }: KeyFace): Promise<Float32Array> {
	const jpeg = Uint8Array.from(atob(jpegBase64), (char) => char.charCodeAt(0));
	const picture = await pictureFromImage(new Blob([jpeg], { type: 'image/jpeg' }));
	return identify({ index: 0, timeS: 0, ...picture }, faceInCrop(face, crop, picture.width));
}

async function describeAll(identify: Identify, people: ToMatcher['first']): Promise<Float32Array[][]> {
	const described: Float32Array[][] = [];
	for (const faces of people) {
		const own: Float32Array[] = [];
		for (const face of faces) own.push(await describe(identify, face));
		described.push(own);
	}
	return described;
}

self.addEventListener('message', async ({ data }: MessageEvent<ToMatcher>) => {
	try {
		const identify = await openIdentify(data.modelsUrl);
		const first = await describeAll(identify, data.first);
		const second = await describeAll(identify, data.second);
		send({ type: 'matches', matches: first.map((one) => second.map((other) => matchPeople(one, other))) });
	} catch (thrown) {
		send({ type: 'failed', code: toAnalysisError(thrown, 'decode').code });
	}
});
