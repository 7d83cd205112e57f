import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Prints the image's bill of materials as CycloneDX 1.5: what `npm sbom` lists (npm.cdx.json), the distribution's packages, Node, and the models.
 * Runs in the image's own base, in a folder with npm.cdx.json, package.json and manifest.json.
 */

const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
const [distribution = 'debian'] = /^ID=(.*)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.slice(1) ?? [];
const npm = read('npm.cdx.json');

// dpkg-query's default format: name, tab, version
const packages = execFileSync('dpkg-query', ['--show'], { encoding: 'utf8' })
	.trim()
	.split('\n')
	.map((line) => {
		const [qualified, version] = line.split('\t');
		const [name] = qualified.split(':'); // libc6:amd64
		const purl = `pkg:deb/${distribution}/${encodeURIComponent(name)}@${encodeURIComponent(version)}`;
		return { type: 'library', 'bom-ref': purl, name, version, purl };
	});
const modelFiles = new Map(
	read('manifest.json').files.flatMap(({ id, file, sha256, licence, weights = [] }) => [
		[file, { ref: `model:${id}`, sha256, licence }],
		...weights.map((each) => [each.file, { ref: `weights:${each.file}`, sha256: each.sha256, licence }]),
	]),
);
const models = [...modelFiles].map(([file, { ref, sha256, licence }]) => ({
	type: 'machine-learning-model',
	'bom-ref': ref,
	name: file,
	hashes: [{ alg: 'SHA-256', content: sha256 }],
	licenses: [{ license: { name: licence } }],
}));
const node = {
	type: 'platform',
	'bom-ref': 'node',
	name: 'node',
	version: process.versions.node,
	purl: `pkg:generic/node@${process.versions.node}`,
};

process.stdout.write(
	JSON.stringify({ ...npm, components: [...npm.components, node, ...packages, ...models] }, null, '\t'),
);
