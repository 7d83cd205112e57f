import type { Server } from 'node:http';
import { cloudEvent, http } from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { type Api, createApi } from './create-api.ts';
import type { Instance } from './instance.ts';
import { analyseObject } from './object-finalized.ts';
import { problemFromThrown, sendProblem } from './problem.ts';

/** Names of the two functions, as FUNCTION_TARGET has them. */
export type FunctionName = Instance['config']['FUNCTION_TARGET'];

/** Registers both functions with functions-framework; the instance is opened at the first request and shared by all. */
export function registerFunctions(open: () => Promise<Instance>): void {
	let api: Promise<Api> | null = null;
	http('unmask', async (req, res) => {
		api ??= open().then(createApi);
		try {
			(await api)(req, res);
		} catch (thrown) {
			api = null; // what hindered it may be over at the next request
			sendProblem(res, problemFromThrown(thrown, req.executionId ?? ''));
		}
	});
	cloudEvent('unmask-object-finalized', async (event: unknown) => analyseObject(await open(), event));
}

/** The framework's server around a function of one instance; it is not listening, requests are given to it. */
export function createFunctionServer(name: FunctionName, instance: Instance): Server {
	registerFunctions(async () => instance);
	return getTestServer(name);
}
