/** Who may import what; the reasons are in function/README.md. */
const pure =
	'^function/(answer|contract|vision|verdict|modes|model/preprocess)/|^function/(flow|values|errors|statistics|media/kinds)\\.ts$';

module.exports = {
	forbidden: [
		{ name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
		{
			name: 'pure-stays-pure',
			comment: 'answer, vision, verdict, modes, flow, values and the contract import nothing that touches the world',
			severity: 'error',
			from: { path: pure },
			to: { pathNot: `${pure}|^node_modules/zod` },
		},
		{
			name: 'one-runtime',
			severity: 'error',
			from: { path: '^function', pathNot: '^function/model/session-worker\\.mjs$' },
			to: { path: 'onnxruntime', pathNot: 'package\\.json$' },
		},
		{
			name: 'one-reader-of-origins',
			comment: 'the libraries that read what a hostile file claims run in the process or worker that is made for it',
			severity: 'error',
			from: { path: '^function', pathNot: '^function/provenance/read-provenance\\.ts$' },
			to: { path: '^node_modules/(@contentauth|mediainfo)' },
		},
		{
			name: 'one-spawner',
			severity: 'error',
			from: { path: '^function', pathNot: '^function/process/run-process\\.ts$' },
			to: { path: '^(node:)?child_process$|^node_modules/execa' },
		},
		{
			name: 'process-knows-no-room',
			comment: 'starting and confining processes is the ground that media and worker stand on',
			severity: 'error',
			from: { path: '^function/process/' },
			to: { path: '^function/', pathNot: '^function/(process/|errors\\.ts$)' },
		},
		{
			name: 'media-reads-files-only',
			comment: 'media knows no model, no mode and no verdict: only what a file is, and its frames',
			severity: 'error',
			from: { path: '^function/media/' },
			to: {
				path: '^function/',
				pathNot: '^function/(media|process|contract)/|^function/(errors|values|pipeline|statistics)\\.ts$',
			},
		},
		{
			name: 'one-storage-client',
			severity: 'error',
			from: { path: '^function', pathNot: '^function/store/' },
			to: { path: '^node_modules/@google-cloud/storage' },
		},
		{
			name: 'one-framework',
			comment: 'functions-framework is one of two ways to run the service, and nothing but its entry knows it',
			severity: 'error',
			from: { path: '^function', pathNot: '^function/index\\.ts$' },
			to: { path: '^node_modules/@google-cloud/functions-framework' },
		},
		{
			name: 'store-knows-no-http',
			comment: 'files and signatures only; http/uploads/ receives',
			severity: 'error',
			from: { path: '^function/store/' },
			to: { path: '^(node:)?http$|^function/http/' },
		},
		{
			name: 'the-web-stays-outside',
			comment: 'what analyses a file knows nothing of HTTP, stores and queues',
			severity: 'error',
			from: {
				path: '^function/(media|process|model|modes|weights|vision|verdict|evidence|eval)/|^function/(pipeline|create-stages)\\.ts$',
			},
			to: { path: '^function/(http|store|worker|batch)/|^node_modules/(express|pino|@google-cloud)' },
		},
		{
			name: 'page-sees-the-ground-floor-only',
			severity: 'error',
			from: { path: '^spa', pathNot: '^spa/device/' },
			to: { path: '^function', pathNot: '^function/(answer|client|contract)/|^function/media/kinds\\.ts$' },
		},
		{
			name: 'device-sees-what-touches-nothing',
			comment: "the analysis in the browser is made of the program's own stages, of those that need no Node",
			severity: 'error',
			from: { path: '^spa/device/' },
			to: {
				path: '^function',
				pathNot: `${pure}|^function/(client|pipeline\\.ts$|evidence/(moments|rgb-from-planes)|media/(colour|plan-runs|selection|timeline)|model/(classify|crop-graph|manifest-schema|operators|session|spec)|provenance/(bytes|collect-provenance|format|read-provenance))`,
			},
		},
		{
			name: 'answer-is-the-ground-floor',
			comment: 'what both the page and the program say: no package, and of the contract its types only',
			severity: 'error',
			from: { path: '^function/answer/' },
			to: { pathNot: '^function/(answer|contract)/' },
		},
		{
			name: 'page-loads-one-language',
			comment:
				'the page, its workers and what they share import English; the other catalogues are loaded when they are chosen',
			severity: 'error',
			from: {
				path: '^spa/|^function/(answer|contract|vision|verdict|modes)/',
				pathNot:
					'^spa/(report\\.ts|parts/ReportPage\\.svelte|lib/load-messages\\.ts)$|^function/answer/(catalogues|report-in)\\.ts$',
			},
			to: { path: '^function/answer/(catalogues\\.ts|report-in\\.ts|messages/(?!en|plural)[^/]+)$' },
		},
		{
			name: 'client-stands-alone',
			comment: 'it runs in any browser and any Node: no package, no module of Node, and of the program its types only',
			severity: 'error',
			from: { path: '^function/client/' },
			to: { pathNot: '^function/client/', dependencyTypesNot: ['type-only'] },
		},
		{
			name: 'program-needs-no-client',
			severity: 'error',
			from: { path: '^function', pathNot: '^function/client/' },
			to: { path: '^function/client/' },
		},
		{
			name: 'answer-brings-no-schemas',
			severity: 'error',
			from: { path: '^function/answer/' },
			to: { path: '^function/contract/', dependencyTypesNot: ['type-only'] },
		},
		{
			name: 'program-takes-the-built-page',
			severity: 'error',
			from: { path: '^function' },
			to: { path: '^spa' },
		},
		{ name: 'not-to-tests', severity: 'error', from: { path: '^function' }, to: { path: '^test' } },
		{
			name: 'no-orphan-packages',
			severity: 'error',
			from: {},
			to: { couldNotResolve: true, pathNot: 'ffmpeg-static|\\?url$' },
		},
	],
	options: {
		doNotFollow: { path: 'node_modules' },
		tsConfig: { fileName: 'tsconfig.json' },
		tsPreCompilationDeps: true,
		enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
	},
};
