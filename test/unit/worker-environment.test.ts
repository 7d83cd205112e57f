import { expect, test } from 'vitest';
import { inferenceEnvironment, parseConfig } from '../../function/config.ts';

test('the inference process gets its settings and the locations of libraries, and nothing else', () => {
	const outer = {
		PATH: '/bin',
		FFMPEG_PATH: '/opt/ffmpeg',
		UNMASK_MODELS: '/models',
		UNMASK_CUSTOM_MODELS: '/own/models',
		UNMASK_OFFER_MODELS: 'one,two',
		UNMASK_PROVIDER: 'cuda',
		UNMASK_THREADS: '3',
		LD_LIBRARY_PATH: '/usr/local/cuda/lib64',
		CUDA_VISIBLE_DEVICES: '1',
		TMPDIR: '',
		HOME: '/root',
		NODE_OPTIONS: '--inspect',
		UNMASK_SECRET: 'a-secret-of-the-service',
		UNMASK_API_KEY_HASHES: 'a'.repeat(64),
		GOOGLE_APPLICATION_CREDENTIALS: '/key.json',
		AWS_SECRET_ACCESS_KEY: 'x',
	};
	const env = inferenceEnvironment(parseConfig(outer), outer);
	expect(env).toEqual({
		PATH: '/bin',
		FFMPEG_PATH: '/opt/ffmpeg',
		UNMASK_MODELS: '/models',
		UNMASK_CUSTOM_MODELS: '/own/models',
		UNMASK_ALLOWED_MODELS: 'one,two',
		UNMASK_PROVIDER: 'cuda',
		UNMASK_TIER: 'auto',
		UNMASK_DECODER: 'auto',
		UNMASK_THREADS: '3',
		LD_LIBRARY_PATH: '/usr/local/cuda/lib64',
		CUDA_VISIBLE_DEVICES: '1',
	});
	const { UNMASK_MODELS, UNMASK_PROVIDER, UNMASK_THREADS, FFMPEG_PATH } = parseConfig(env);
	expect([UNMASK_MODELS, UNMASK_PROVIDER, UNMASK_THREADS, FFMPEG_PATH]).toEqual(['/models', 'cuda', 3, '/opt/ffmpeg']);
});
