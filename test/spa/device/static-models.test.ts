import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { packageRoot, parseConfig } from '../../../function/config.ts';
import { modelsSchema } from '../../../function/contract/service.ts';
import { describeModels, readOfferedLists } from '../../../function/http/read-models.ts';
import { staticModels } from '../../../spa/device/static-models.ts';

afterEach(() => vi.unstubAllGlobals());

it('describes the models next to a static page as a service would', async () => {
	const manifest = await readFile(join(packageRoot(), 'models/manifest.json'));
	const asked: string[] = [];
	vi.stubGlobal('self', {});
	vi.stubGlobal('fetch', async (url: string) => {
		asked.push(url);
		return new Response(manifest);
	});
	const own = modelsSchema.parse(await staticModels('https://page.example/models/'));
	expect(asked).toEqual(['https://page.example/models/manifest.json']);
	const config = parseConfig({});
	const served = describeModels(await readOfferedLists(config), config, 'cpu');
	const isInPage = ({ kind, isDefault }: (typeof served.models)[number]) =>
		kind !== 'sequence' && (kind !== 'classifier' || isDefault);
	expect(own).toEqual({ ...served, models: served.models.filter(isInPage) });
});
