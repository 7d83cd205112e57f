import type { Credentials, ProvenanceHint } from '../../contract/provenance.ts';
import type { Change, Outcome, Reason } from '../../contract/report.ts';
import { createPlural } from './plural.ts';

const plural = createPlural('en-GB');
const faces = (count: number) => plural(count, { one: '# face', other: '# faces' });
const numbers = (value: number) => new Intl.NumberFormat('en-GB').format(value);
const frames = (count: number) => plural(count, { one: '# frame', other: '# frames' });
const allFaces = (count: number) => (count === 2 ? 'both faces' : `all ${faces(count)}`);

/** What a refusal or failure means, and what the user can do about it. */
export type ProblemWords = { readonly title: string; readonly todo: string };

/** All words of the page, the report and the command line in English. `Messages` is its type, which the other languages implement. */
export const en = {
	locale: 'en-GB',
	dir: 'ltr' as 'ltr' | 'rtl',

	page: {
		title: 'Unmask',
		titled: (what: string) => `${what} – Unmask`,
		skip: 'Skip to the content',
		nav: 'Pages',
		analyse: 'Analyse',
		history: 'History',
		compare: 'Compare',
		about: 'How it works',
		language: 'Language',
		languageFailed: 'This language could not be loaded. Check the connection and choose it again.',
		theme: 'Colours',
		themes: { auto: 'Auto', light: 'Light', dark: 'Dark' },
		footer: 'A lead to follow up, never proof.',
		loading: 'Loading …',
		retry: 'Try again',
		home: 'Analyse a video',
	},

	start: {
		heading: 'Was a face in this video manipulated?',
		lead: 'Unmask follows every face in a video, shows how strong the signs of manipulation are and where, and says so when it cannot tell.',
		drop: 'Drop a video or picture here',
		dropMore: 'Drop more files here',
		touch: 'Choose or record a video or picture',
		touchMore: 'Choose more files',
		dropNow: 'Release to choose it',
		choose: 'Choose files',
		record: 'Record with the camera',
		paste: 'or paste it from the clipboard',
		limits: (size: string, duration: string) => `Videos and pictures up to ${size}, videos up to ${duration}.`,
		keptLocal: 'The file does not leave this machine. The working copy is deleted after the analysis.',
		keptRemote: 'The file is sent to this service and deleted there as soon as the analysis ends.',
		reportKept: (time: string) => `The report is kept for ${time} unless you delete it earlier.`,
		reportKeptAlways: 'The report is kept until you delete it.',
		chosen: 'Check before you start',
		preview: (name: string) => `Preview of ${name}`,
		previewImpossible: 'This browser cannot play this file, but it can still be analysed.',
		notSent: 'Nothing has been sent yet.',
		remove: 'Remove',
		removeNamed: (name: string) => `Remove ${name}`,
		depth: 'Frames to analyse',
		depthHint: 'More frames take longer and give a more reliable verdict.',
		depthFrames: (count: number) => frames(count),
		depthAll: '5 per second',
		depthAllHint: 'throughout the video',
		seconds: (time: string) => `about ${time}`,
		secondsUnknown: 'An estimate of the time appears after the first analysis.',
		judge: 'Model',
		judgeHint: {
			video:
				'How often each model is wrong about a video, measured on known material. It can miss newer fakes more often.',
			image:
				'How often each model is wrong about a picture, measured on known material. It can miss newer fakes more often.',
		},
		judgeUsual: (id: string) => `${id} (default)`,
		judgeOwn: (id: string) => `${id}, a custom model of this service`,
		judgeTimes: (times: string) => `about ${times} times the work per face`,
		judgeNotMeasured: 'Its error rates were never measured: it gives scores but no verdict.',
		start: (count: number) => plural(count, { one: 'Analyse this file', other: 'Analyse # files' }),
		refused: 'This file cannot be analysed',
		resume: 'You started to upload this file before. The upload continues where it stopped.',
		place: 'Where to analyse',
		placeHint: 'Both use the same steps and the same verdict rules.',
		placeServer: 'On the server',
		placeServerLocal: 'On this machine',
		placeServerLines: ['Reads more formats, offers every model and keeps the report.'],
		placeDevice: 'In this browser',
		placeDeviceLines: (size: string) => [
			'Nothing is sent. The answer is gone when you close the page, unless you save it.',
			`Uses the fast model. Loads ${size} once.`,
		],
		placeDeviceOnly: 'There is no server, so files are analysed in this browser. Nothing is sent.',
		keptDevice: 'The file does not leave this browser.',
	},

	/** Clips to try the page with. */
	examples: {
		heading: 'No file at hand? Try one of these',
		lead: 'Both clips were made from public-domain portraits. You know the truth, so you can see whether the verdict gets it right.',
		clips: {
			genuine: { title: 'Genuine', text: 'An official portrait, slowly enlarged.' },
			manipulated: {
				title: 'Manipulated',
				text: 'The same portrait with another person’s face blended in.',
			},
		},
		analyse: 'Analyse this clip',
		failed: 'The clip could not be loaded. Check the connection and try again.',
	},

	/** The built-in models. */
	tiers: { fast: 'Fast', thorough: 'Thorough' },

	key: {
		heading: 'This service needs a key',
		lead: 'Ask whoever runs the service for one. It is kept until you close this tab and sent to this service only.',
		label: 'API key',
		save: 'Use this key',
		wrong: 'The service does not know this key.',
	},

	link: {
		label: 'Or the address of a video',
		hint: 'The service fetches the file. The address has to lead to the file itself, not to a page that shows it.',
		fetch: 'Fetch the file',
		progress: 'The service is fetching the file',
		soFar: (size: string) => `${size} so far`,
		busy: 'It is fetching other files. Try again when they have arrived.',
		arrived: (name: string) => `${name} has been fetched.`,
		from: (host: string) => `Fetched from ${host} by the service, which deletes it as soon as the analysis ends.`,
	},

	upload: {
		heading: 'Sending the file',
		progress: 'Upload',
		amount: (done: string, total: string) => `${done} of ${total}`,
		speed: (perSecond: string) => `${perSecond} per second`,
		left: (time: string) => `about ${time} left`,
		leftUnknown: 'time left not yet known',
		pause: 'Pause',
		resume: 'Resume',
		cancel: 'Cancel',
		paused: 'Paused. What was sent so far is kept.',
		waiting: 'The connection was lost. The upload resumes as soon as it is back.',
	},

	watch: {
		heading: 'Analysing the faces',
		headingQueue: 'Waiting in the queue',
		stages: {
			upload: 'Send the file',
			load: 'Load the models',
			queue: 'Wait in the queue',
			open: 'Open the video',
			faces: 'Find and score faces',
			evidence: 'Collect the evidence',
		},
		stageDone: 'done',
		stageNow: 'in progress',
		stageNext: 'to come',
		queue: (position: number) =>
			position === 1
				? 'You are next.'
				: plural(position - 1, { one: '# analysis is ahead of yours.', other: '# analyses are ahead of yours.' }),
		progress: 'Frames analysed',
		frames: (done: number, total: number | null) =>
			total === null ? `${frames(done)} analysed` : `${done} of ${frames(total)} analysed`,
		faces: (count: number) => `${faces(count)} scored so far`,
		noFaces: 'no face so far',
		newest: 'Latest faces',
		grows: 'Scores as they come in. The verdict weighs all of them; a single dot means little.',
		playing: 'The frame being analysed',
		reconnecting: 'The analysis continues. Reconnecting …',
		againIn: (time: string) => `Trying again in about ${time}.`,
		cancel: 'Cancel the analysis',
	},

	jobs: {
		heading: 'Your files',
		states: {
			waiting: 'waiting',
			uploading: 'being sent',
			paused: 'paused',
			queued: 'in the queue',
			running: 'being analysed',
			done: 'done',
			failed: 'failed',
			cancelled: 'cancelled',
		},
	},

	outcomes: {
		'likely-fake': 'Strong signs of manipulation',
		'likely-real': 'No signs found',
		uncertain: 'Inconclusive',
		'not-applicable': 'Not assessed',
	} satisfies Record<Outcome, string>,

	reasons: {
		'no-face': {
			title: 'No face was found in the analysed frames.',
			todo: 'Only faces are assessed. Analysing more frames may find one.',
		},
		'face-too-small': {
			title: 'The face is less than 48 pixels high.',
			todo: 'A version of the file with a larger picture may help.',
		},
		'face-too-blurred': {
			title: 'The face is too blurred to assess.',
			todo: 'A sharper or less compressed version may help.',
		},
		'face-outside-picture': {
			title: 'Too much of the face lies outside the picture.',
			todo: 'A version that was not cropped may help.',
		},
		'face-covered': {
			title: 'Most of the face is covered.',
			todo: 'A part in which no mask, hand or scarf hides it may help.',
		},
		'not-photographic': {
			title: 'The face is drawn or painted.',
			todo: 'Only faces in photographs and videos can be assessed.',
		},
		'too-few-frames': {
			title: 'The face appears in too few frames.',
			todo: 'Analysing more frames, or a longer clip, may help.',
		},
		'near-threshold': {
			title: 'The score falls between the two thresholds, so no verdict is given.',
			todo: 'The original file may help if this is a copy. Often there is no clearer answer.',
		},
		'wide-interval': {
			title: 'Some frames show strong signs and others none, so their mean says little.',
			todo: 'Look at the faces below, and analyse more frames.',
		},
		'segments-disagree': {
			title: 'Only a part of the video shows strong signs; the rest does not.',
			todo: 'Watch these stretches, and look for an uncut version of the video.',
		},
		'not-stable': {
			title: 'The verdict does not survive every re-encoding, shrinking and blurring that was tried.',
			todo: 'Trust it less, and look for the original file.',
		},
		'tracks-disagree': {
			title: 'The faces in this video disagree: at least one of them shows no signs.',
			todo: 'Look at each person separately below.',
		},
		'still-image': {
			title: 'This is a single picture.',
			todo: 'A video would show the face more than once and give a range.',
		},
		'decode-errors': {
			title: 'Most of the frames read from this file are damaged.',
			todo: 'The original file may help if this is a copy.',
		},
		'not-calibrated': {
			title: 'The error rates of this model were never measured, so its score gives no verdict.',
			todo: 'The scores below are the model’s raw output. Whoever runs the program can measure it on labelled files (unmask eval --calibrate).',
		},
		'not-main-face': {
			title: 'This model scores the main face only.',
			todo: 'Another model scores everyone.',
		},
	} satisfies Record<Reason, ProblemWords>,

	/** The pieces of the verdict's sentence. */
	verdict: {
		fake: (what: string) => `Strong signs that ${what}.`,
		fakePicture: (what: string) => `Strong signs that ${what}; a single picture tells less than a video.`,
		fakeFaceAt: (at: string) => `the face at ${at} was manipulated`,
		fakeFaceInPicture: 'the face in this picture was manipulated',
		fakeOneInPicture: (total: number) => `one of the ${faces(total)} in this picture was manipulated`,
		fakeSeveralAt: (count: number, total: number, at: string) =>
			`${count === total ? allFaces(total) : `${count} of ${faces(total)}`} were manipulated: at ${at}`,
		fakeSeveralInPicture: (count: number, total: number) =>
			`${count === total ? allFaces(total) : `${count} of ${faces(total)}`} in this picture were manipulated`,
		otherTimes: 'other times',
		realVideo: (where: string) =>
			`No signs of manipulation found in ${where}; this does not prove that the video is genuine.`,
		realPicture: (where: string) =>
			`No signs of manipulation found in ${where}; this does not prove that the picture is genuine.`,
		faceAt: (at: string) => `the face at ${at}`,
		faceInPicture: 'the face in this picture',
		oneFaceInPicture: 'one face in this picture',
		faces: (count: number) => faces(count),
		facesInPicture: (count: number) => `${faces(count)} in this picture`,
		someFaces: (count: number, total: number) =>
			`${count} of ${faces(total)} (${plural(total - count, { one: 'the other', other: 'the other #' })} could not be assessed)`,
		unclear: (why: string) => `Inconclusive: ${why}.`,
		noVerdict: (why: string) => `No verdict: ${why}.`,
		damagedVideo: 'most of the frames read from this video are damaged',
		damagedPicture: 'this picture is damaged',
		notMeasured: 'the error rates of this model were never measured, so its score gives no verdict',
		tooFewOnly: (count: number) => `the only face can be assessed in ${frames(count)}, which is too few`,
		tooFew: 'no face can be assessed in enough frames',
		briefly: (face: string) => `${face} shows strong signs but appears only briefly`,
		directions: (face: string) => `the frames of ${face} disagree`,
		neither: (face: string) => `the score of ${face} falls between the two thresholds`,
		whileCleared: (count: number) =>
			plural(count, {
				one: ', while no signs were found in another face',
				other: ', while no signs were found in # other faces',
			}),
		noFaceVideo: 'no face was found in this video',
		noFacePicture: 'no face was found in this picture',
		onlySmall: (px: number) => `the only face is ${px} px high, which is too small`,
		allSmall: (count: number, px: number) => `${allFaces(count)} are too small; the largest is ${px} px high`,
		onlyPoor: (why: string) => `the only face is ${why}`,
		allPoor: (count: number, why: string) => `${allFaces(count)} are ${why}`,
		poor: {
			'face-too-small': 'too small',
			'face-too-blurred': 'too blurred',
			'face-outside-picture': 'cut off by the edge of the picture',
			'face-covered': 'mostly covered',
			'not-photographic': 'drawn or painted',
		},
	},

	answer: {
		of: (name: string, date: string) => `${name}, analysed on ${date}`,
		rangeHeading: 'The score and its range',
		scoreOnly: (score: string) => `The face scores ${score} on a scale from 0 (no signs) to 1 (strong signs).`,
		scoreDeciding: (face: string, score: string) =>
			`${face} decided the verdict. It scores ${score} on a scale from 0 (no signs) to 1 (strong signs).`,
		scoreStretch: (face: string, score: string) =>
			`${face} scores ${score} in its most suspicious stretch, on a scale from 0 (no signs) to 1 (strong signs).`,
		rangeIs: (range: string) =>
			`Its 95 % range is ${range}: how far the score would move if other frames of the clip were analysed.`,
		rangeNarrow: 'It would hardly move if other frames of the clip were analysed.',
		rangePicture: 'A single picture gives no range.',
		rangeTooFew: 'There are too few frames for a range.',
		limits: (above: string, below: string) =>
			`Above ${above} the verdict is “strong signs”, below ${below} “no signs found”, and in between “inconclusive”.`,
		notCalibrated:
			'This score is the model’s raw output. Its error rates were never measured, so there are no thresholds to compare it with.',
		notChanceVideo:
			'The score is not the probability that this video is fake: that also depends on where the video comes from.',
		notChancePicture:
			'The score is not the probability that this picture is fake: that also depends on where the picture comes from.',
		reference: (genuine: string, manipulated: string) =>
			`Of clips from sources and generators that the model does not know, ${genuine} genuine ones and ${manipulated} manipulated ones score higher.`,
		outOf: (count: number, of: number) => `${numbers(count)} of ${numbers(of)}`,
		bandNone: 'no signs found',
		bandBetween: 'inconclusive',
		bandStrong: 'strong signs',
		bandLabel: (score: string, range: string | null, below: string, above: string) =>
			`Score ${score}${range === null ? '' : `, range ${range}`}. Thresholds: ${below} and ${above}.`,
		wrongHeading: 'How often such a verdict is wrong',
		genuineHeading: 'Genuine faces',
		manipulatedHeading: 'Manipulated faces',
		falseAlarm: (counts: string) => `${counts} were wrongly found to show strong signs`,
		missed: (counts: string) => `${counts} were wrongly found to show no signs`,
		rateDetail: (count: string, n: string, low: string, high: string) =>
			`${count} of ${n}; the true rate lies between ${low} and ${high} in 100 (95 % confidence)`,
		rateUnknown: 'This was not measured for this model.',
		measured:
			'Measured on known material. The model can be wrong more often on other kinds of video or newer kinds of manipulation.',
		facesJudged: (count: number) => `${faces(count)} were assessed here; each could be wrong.`,
		aboutIn: (count: number, of: number) => `About ${count} in ${numbers(of)}`,
		noneOf: (n: number) => `None of ${numbers(n)}`,
	},

	/** Whether the verdict survives changes to the file. */
	stability: {
		heading: 'Does the verdict survive changes?',
		lead: (at: string) => `The same face at ${at}, assessed again after each change.`,
		columns: { change: 'Change', score: 'Score', moves: 'Difference', outcome: 'Verdict' },
		changes: {
			none: 'None',
			'crf-28': 'Re-encoded (H.264, CRF 28)',
			'crf-36': 'Re-encoded strongly (H.264, CRF 36)',
			'half-size': 'Half the width and height',
			blur: 'Blurred slightly',
		} satisfies Record<Change, string>,
		moves: (by: string, isMore: boolean) => `${isMore ? '+' : '−'}${by}`,
		survives: 'The verdict survives all of them.',
		lost: 'The verdict does not survive all of them.',
		unsure: 'These seconds alone give a different verdict from the whole video, so this test says little.',
		failed: (code: string) => `The changed copies could not be made or read (${code}).`,
		test: 'Test whether the verdict survives changes',
	},

	/** What the file says about its origin. */
	provenance: {
		heading: 'Where the file says it comes from',
		lead: 'Facts and claims found in the file. They do not change the verdict. Anyone can write or remove them, except where a signature protects them.',
		credentials: 'Content Credentials (C2PA)',
		states: {
			none: 'None. Most files have none, so this says nothing about the file.',
			elsewhere: 'The file points to Content Credentials on the internet. They were not fetched.',
			valid: 'Present. The signature is valid, and the file has not changed since it was signed.',
			invalid:
				'Present, but they do not match: the file was changed after it was signed, or the signature is not valid.',
			unreadable: 'They could not be read.',
			'time-limit': 'Reading them took too long and was stopped.',
		} satisfies Record<Credentials['state'], string>,
		trust:
			'Whether the signer is who they say was not checked: no list of trusted signers is used. Anyone can sign under a name of their choice.',
		problems: (codes: string) => `Failed checks: ${codes}.`,
		claim: (signer: string) => `Signed by ${signer}`,
		claimUnknown: 'Signed by an unnamed signer',
		earlier: (signer: string) => `Earlier claim, signed by ${signer}`,
		earlierUnknown: 'Earlier claim by an unnamed signer',
		of: (name: string, organisation: string) => `${name} (${organisation})`,
		signedAt: (date: string) => `Time stamp: ${date}.`,
		signedNever: 'No time stamp.',
		generator: (name: string) => `Claimed by the program or device: ${name}.`,
		title: (name: string) => `Title: ${name}.`,
		ingredients: (names: string) => `Made from: ${names}.`,
		untitled: 'a file without a title',
		action: (what: string, source: string | null, software: string | null, when: string | null) =>
			`${what}${source === null ? '' : `: ${source}`}${software === null ? '' : `, with ${software}`}${when === null ? '' : `, ${when}`}`,
		actions: {
			created: 'Created',
			opened: 'Opened',
			edited: 'Edited',
			placed: 'Another file added',
			cropped: 'Cropped',
			resized: 'Resized',
			orientation: 'Rotated or flipped',
			color_adjustments: 'Colours adjusted',
			drawing: 'Drawn on',
			filtered: 'Filter applied',
			converted: 'Converted',
			transcoded: 'Re-encoded',
			repackaged: 'Put into another container',
			published: 'Published',
			removed: 'A part removed',
			redacted: 'Information redacted',
			dubbed: 'Dubbed',
			translated: 'Translated',
			unknown: 'An unknown change',
		} as Record<string, string>,
		sources: {
			trainedAlgorithmicMedia: 'made by a generative model',
			compositeWithTrainedAlgorithmicMedia: 'contains parts made by a generative model',
			algorithmicMedia: 'made by a program',
			digitalCapture: 'recorded by a camera',
			computationalCapture: 'recorded by a camera and combined from several pictures',
			digitalCreation: 'made by a person with a program',
			humanEdits: 'edited by a person',
			minorHumanEdits: 'edited slightly by a person',
			algorithmicallyEnhanced: 'enhanced by a program',
			compositeCapture: 'combined from recordings',
			compositeSynthetic: 'combined, with artificial parts',
			composite: 'combined from several sources',
			screenCapture: 'recorded from a screen',
			virtualRecording: 'recorded from a virtual scene',
			negativeFilm: 'scanned from film',
			positiveFilm: 'scanned from film',
			print: 'scanned from paper',
		} as Record<string, string>,
		facts: {
			createdAt: 'Recorded or created',
			changedAt: 'Last written',
			device: 'Device',
			software: 'Written by',
			encoder: 'Encoder',
			sourceType: 'Declared source',
			location: 'Place',
		},
		hasLocation: 'The file contains the place where it was recorded. It is not shown here.',
		noFacts: 'The file says nothing about its date, device or software.',
		factsUnread: 'The container could not be read for its facts.',
		hintsHeading: 'What this hints at',
		hints: {
			ffmpeg: (name: string) =>
				`Written by FFmpeg’s library (${name}): the file was converted, cut or downloaded by a program. Social networks and messengers do this too.`,
			'software-encoder': (name: string) =>
				`Encoded by a program (${name}), not by the chip of a camera: often a copy, sometimes the recording of a screen.`,
			editor: (name: string) => `An editing program wrote it: ${name}.`,
			'generative-source': (name: string) => `The file declares its source: ${name}.`,
			'generator-parameters': (name: string) => `It contains the settings of an image generator: ${name}.`,
			'generator-name': (name: string) => `It names a generator as the program that made it: ${name}.`,
		} satisfies Record<ProvenanceHint['code'], (name: string) => string>,
		claimed: (what: string) => `${what}, by its Content Credentials`,
	},

	/** Offline use of the page. */
	offline: {
		keep: (size: string) => `Keep for use without a network (${size})`,
		ready: 'Ready: this page also works without a network.',
		failed: 'Not everything could be kept: there was not enough space, or the connection was lost.',
		newer: 'A newer version of this page is ready.',
		reload: 'Reload',
	},

	/** The verdict as a picture to share in a chat. */
	card: { caveat: 'A lead to follow up, never proof.' },

	/** What to do after a verdict: a short title and instructions, in the terms of fact-checkers. */
	advice: {
		heading: 'What to do next',
		outcomes: {
			'likely-fake': [
				['Do not publish on this verdict alone.', 'Genuine faces are flagged too: the rate is given above.'],
				[
					'Watch the named moments frame by frame.',
					'Look at the edges of the face, teeth, glasses and hair, and whether the lips fit the sound.',
				],
				['Ask the person shown, or someone who was there.', 'Their answer can be quoted; a score cannot.'],
			],
			'likely-real': [
				['Do not read this as proof that it is genuine.', 'Newer manipulations are missed more often than known ones.'],
				[
					'Check what is not assessed here.',
					'The voice, cuts, the place, the date and the caption: most misleading videos are genuine and out of context.',
				],
			],
			uncertain: [
				[
					'Look for a better copy.',
					'Each download and re-encoding removes traces. Ask for the first file, not for a forwarded copy.',
				],
				['Do not count this as a result.', 'Inconclusive says neither genuine nor manipulated.'],
			],
			'not-applicable': [
				[
					'Verify it without this program.',
					'There was no face that could be assessed, so this says nothing about the file.',
				],
				['Look for a version with a larger, sharper picture.', 'A face has to be at least 48 pixels high.'],
			],
		} satisfies Record<Outcome, readonly (readonly [what: string, how: string])[]> as Record<
			Outcome,
			readonly (readonly [what: string, how: string])[]
		>,
		searchVideo: [
			'Search for key frames.',
			'Take screenshots of the moments with the clearest scene and run a reverse image search on several engines: Google Lens, Bing, Yandex, TinEye. InVID-WeVerify extracts key frames.',
		] as readonly [what: string, how: string],
		searchPicture: [
			'Search for the picture.',
			'Run a reverse image search on several engines: Google Lens, Bing, Yandex, TinEye. Try a crop of the background, too.',
		] as readonly [what: string, how: string],
		always: [
			['Find the original source.', 'Who posted it first, when and where? Ask that person for the original file.'],
			['Look for other footage.', 'The same event from another camera, a longer version, or the official recording.'],
		] as readonly (readonly [what: string, how: string])[],
	},

	/** Legacy models. */
	older: {
		said: (label: string, percent: string) =>
			`The legacy application would have reported ${label}, ${percent} %. That figure is not a verdict of Unmask, and its error rate was never measured.`,
		how: {
			seed: (count: number) =>
				`Mode seed: the first ${frames(count)}, one face or the whole frame from each; the last frame alone decides.`,
			trained: (count: number) =>
				`Mode trained: the first ${frames(count)}, one face or the whole frame from each; their mean decides.`,
			robust: (count: number) =>
				`Mode robust: ${frames(count)} spread over the clip; every person is tracked and scored as usual.`,
		},
		box: 'Faces were located by Unmask’s detector instead of dlib’s, so the figure can differ.',
	},

	/** Punctuation: between a name and its value, between parts of a line, at the end of a sentence, and between sentences. */
	marks: {
		named: (what: string, text: string) => `${what}: ${text}`,
		parts: (items: readonly string[]) => items.join(', '),
		ended: (text: string) => `${text}.`,
		after: (sentences: readonly string[]) => sentences.join(' '),
	},

	range: (low: string, high: string) => `${low} to ${high}`,
	and: (items: readonly string[]) => new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(items),
	or: (items: readonly string[]) => new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(items),

	face: {
		name: (id: number) => `Face ${id}`,
		when: (name: string, span: string) => `${name}, ${span}`,
		judgedIn: (count: number) => `Assessed in ${frames(count)}.`,
		foundJudged: (found: number, judged: number) => `Found in ${frames(found)}, assessed in ${numbers(judged)}.`,
		foundNotJudged: (found: number) => `Found in ${frames(found)}, assessed in none.`,
		score: (score: string) => `Score ${score}`,
		scoreRange: (score: string, range: string) => `Score ${score}, 95 % range ${range}.`,
		inStretch: 'In its most suspicious stretch:',
		notJudged: 'not assessed',
		deciding: 'decided the verdict',
	},

	timeline: {
		heading: 'Over time',
		hint: 'One row per person; each dot is an analysed frame.',
		hintJump: 'Click a place to jump to it in the video.',
		hintSkipped: 'A grey mark at the bottom is a face that could not be assessed.',
		keys: 'Keyboard: the arrow keys move from frame to frame, Home and End to the first and last.',
		strong: 'strong signs',
		none: 'no signs',
		lane: (name: string) => `${name} over time`,
		at: (time: string, score: string, zone: string) => `${time}: score ${score}, ${zone}`,
		atNotJudged: (time: string) => `${time}: not assessed`,
		atNothing: (time: string) => `${time}: face not visible`,
		table: 'The timeline as a table',
		columns: { face: 'Person', time: 'Time', score: 'Score', zone: 'Meaning', counted: 'Counted' },
		counted: 'yes',
		notCounted: (why: string) => `no: ${why}`,
		more: (count: number) =>
			plural(count, { one: '# more face is in the CSV file.', other: '# more faces are in the CSV file.' }),
		zones: {
			'strong-signs': 'strong signs',
			unclear: 'between the thresholds',
			'no-limits': 'no thresholds known',
			'no-signs': 'no signs',
			'not-judged': 'not assessed',
		},
		excluded: {
			'face-too-small': 'too small',
			'face-too-blurred': 'too blurred',
			'face-outside-picture': 'cut off',
			'face-covered': 'covered',
			'not-photographic': 'drawn',
			other: 'not good enough',
		},
	},

	/** Parts of the video that show strong signs when the rest does not. */
	stretches: {
		heading: 'Stretches with strong signs',
		hint: 'These parts stand out from the rest of the video. They are marked in the rows below.',
		item: (name: string, span: string) => `${name}, ${span}`,
	},

	player: {
		heading: 'The video',
		headingPicture: 'The picture',
		label: 'The video with a box and a score for each face',
		pictureLabel: (count: number) => `The picture with a box around ${faces(count)}`,
		boxes: 'Show faces and scores',
		hint: 'Positions between analysed frames are estimated.',
		now: (time: string) => `At ${time}`,
		unseen: 'not visible',
		missing: 'The video was deleted from the service after the analysis, and this page keeps no copy.',
		missingPicture: 'The picture was deleted from the service after the analysis, and this page keeps no copy.',
		choose: 'Choose the file again to play it',
		different: 'This is a different file: its size differs from that of the analysed one.',
		impossible: 'This browser cannot play this file. The faces below show what was found.',
	},

	moments: {
		heading: 'Key faces',
		hint: 'Each picture is a face exactly as the model saw it. The heat map shows which parts raised the score; parts without colour show no signs.',
		heat: 'Heat map',
		blend: 'Strength of the heat map',
		weaker: 'weaker signs',
		stronger: 'stronger signs',
		noHeat: 'This model does not show which parts of a face raised the score, so there are no heat maps.',
		jump: (time: string) => `Show ${time} in the video`,
		crop: (name: string, at: string) => `${name} at ${at}`,
		cropPicture: (name: string) => `${name} as the model saw it`,
		more: (count: number) =>
			plural(count, {
				one: '# more face, less suspicious or not assessed, is in the report file.',
				other: '# more faces, less suspicious or not assessed, are in the report file.',
			}),
	},

	coverage: {
		heading: 'What was analysed and what was not',
		requested: 'Frames requested',
		requestedAll: '5 per second',
		sampled: 'Frames analysed',
		corrupt: 'Damaged frames left out',
		withoutFace: 'Frames without a face',
		found: 'Faces found in all frames',
		judged: 'Faces assessed',
		excluded: {
			'face-too-small': 'Faces not assessed: less than 48 pixels high',
			'face-too-blurred': 'Faces not assessed: too blurred',
			'face-outside-picture': 'Faces not assessed: cut off by the edge of the picture',
			'face-covered': 'Faces not assessed: mostly covered',
			'not-photographic': 'Faces not assessed: drawn or painted',
		},
		part: 'Part of the video',
		partOf: (part: string, total: string) => `${part} of ${total}`,
		partNone: 'none',
		secondPass: 'Second pass, where the first was in doubt',
		secondPassOf: (count: number, at: string) => `${frames(count)} at ${at}`,
		secondPassNone: 'none',
		how: 'How frames were chosen',
		linear: 'decoded from the start, spread evenly over the clip',
		'key-frames': 'key frames and short bursts after them, spread over the clip',
		image: 'a single picture',
		first: 'the first frames in a row',
		partOnly: (span: string) =>
			`Only the part ${span} was analysed, as requested. The rest of the file was not analysed.`,
		fellBack: 'Seeking in this file gave damaged pictures, so it was decoded from the start.',
		notes: {
			'header-differs': (length: string) =>
				`The file says it is ${length} long, which is wrong: the length given here is that of the frames it holds.`,
			'times-repaired': () => 'Times in this file jump or are missing, so the frames were counted and given new times.',
			'times-with-gaps': () =>
				'The picture stands still for long stretches, so frames were chosen by number, not by time.',
			'hidden-by-edit-list': (frames: string) =>
				`The file hides ${frames} frames that no player shows (an edit list). They were not analysed.`,
			'edit-list-ignored': () =>
				'The file hides all its frames (an edit list), so that players show nothing. They were analysed all the same.',
			'end-missing': (frames: string) =>
				frames === ''
					? 'The end of the file is missing, as after a broken download.'
					: `The end of the file is missing: ${frames} frames that it lists are missing.`,
			'packets-not-counted': () => 'The file took too long to read through, so the length is what its header says.',
			'stream-chosen': (reason: string) => `The file holds several videos. One was analysed: ${reason}.`,
			deinterlaced: () =>
				'The video is interlaced: half of the lines of a frame are from another moment. They were filled in before the analysis.',
			mirrored: () => 'The file asks for its picture to be mirrored, so it was analysed mirrored.',
			turned: (degrees: string) =>
				`No face was found in the picture as the file holds it, so it was rotated by ${degrees} degrees.`,
			'tone-mapped': (name: string) => `The high dynamic range (${name}) was converted to ordinary colours.`,
			'not-tone-mapped': (name: string) =>
				`The high dynamic range was not converted to ordinary colours (${name}), so the score is less reliable.`,
			'pictures-left-out': (frames: string) =>
				`The file holds ${frames} more pictures (pages or frames) that were not analysed.`,
			'video-left-out': () =>
				'The picture has a video inside (a motion photo), which was not analysed. Save it as a file and analyse that.',
			'rest-left-out': (size: string) =>
				`Behind its first video, the file goes on with another one (${size}), as after joining files. It was not analysed: save it as a file of its own and analyse that.`,
			'animation-left-out': () => 'The picture is an animation. Only its first frame was analysed.',
			'size-changes': () =>
				'The size of the picture changes within the video. Every frame was analysed whole, fitted into one size.',
			'second-pass-stopped': (frames: string) =>
				`The decoder failed during the second pass (frames read: ${frames}). The first pass is complete.`,
		},
		streamReasons: {
			default: 'the one marked as default',
			'most-frames': 'the one with the most frames',
			largest: 'the one with the largest picture',
			first: 'the first one',
		},
	},

	limits: {
		heading: 'What this cannot detect',
		proofVideo:
			'This is not proof in either direction. It is one sign among others: ask where the video comes from and who has the original.',
		proofPicture:
			'This is not proof in either direction. It is one sign among others: ask where the picture comes from and who has the original.',
		faces: 'Only faces are assessed. Edits of anything else and fully generated scenes go unnoticed.',
		sound: 'Sound is not analysed: a cloned voice or a replaced word goes unnoticed.',
		compression:
			'Strong compression, low resolution, filters and recording from a screen remove the traces that the model looks for.',
		newer: 'The model learned from known kinds of manipulation and can miss newer ones.',
		heat: 'The colours show where the score comes from, not what was changed.',
	},

	take: {
		heading: 'Save and share',
		json: 'Report (JSON)',
		csv: 'Timeline (CSV)',
		card: 'Picture for a chat (PNG)',
		cardFailed: 'The browser could not make the picture. Take a screenshot instead.',
		print: 'Print or save as PDF',
		link: 'Copy link',
		linkCopied: 'Link copied',
		linkFailed: 'The browser did not allow copying. Copy the link from the address bar.',
		linkHint: 'Anyone who has the link and can reach this service can open the report.',
		delete: 'Delete now',
		deleteAsk: 'Delete the report and everything stored with it? This cannot be undone.',
		deleteYes: 'Delete',
		deleteNo: 'Keep',
		deleted: 'Deleted. Nothing of this analysis is left on the service or in this browser.',
		again: 'Analyse another video',
		onlyHere: 'This answer exists only on this page. Save the report before you close it.',
		deeper: 'Analyse more frames',
	},

	run: {
		heading: 'Everything about this run',
		file: 'File',
		digest: 'SHA-256 of the file',
		size: 'Size',
		picture: 'Picture',
		pictureIs: (width: number, height: number, codec: string, container: string) =>
			`${width} × ${height} px, ${codec} in ${container}`,
		turned: (deg: number) => `, rotated by ${deg}°`,
		length: 'Length',
		lengthIs: (duration: string, fps: string) => `${duration}, ${fps} frames per second`,
		unknown: 'unknown',
		plan: 'Plan',
		planIs: (frames: string, mode: string, model: string) => `frames ${frames}, mode ${mode}, model ${model}`,
		/** Modes whose names are translated; the others keep theirs. */
		modes: { whole: 'whole clip', first: 'first frames' } as Record<string, string>,
		planAll: 'all',
		planDefault: 'default',
		limits: 'Thresholds',
		limitsAre: (above: string, below: string) => `strong signs above ${above}, no signs below ${below}`,
		judgedBy: 'Classifier',
		limitsUnknown: 'not measured for this model',
		model: (kind: string) => `Model: ${kind}`,
		kinds: {
			detector: 'face detector',
			finder: 'second face detector',
			cover: 'covered faces',
			crop: 'face crop',
			identity: 'identity',
			classifier: 'classifier',
			sequence: 'sequence model',
		} as Record<string, string>,
		provider: 'Ran on',
		versions: 'Versions',
		time: 'Time taken',
		timeIs: (total: string) => `${total} in total`,
		timeFirst: (first: string) => `, first face after ${first}`,
		written: 'Created',
		signed: 'Signed',
		signedBy: (name: string, date: string) =>
			`${name}, ${date}. This line is not proof: unmask verify checks report.json, and the signer publishes the key:`,
		id: 'Analysis',
	},

	/** Shown in a report that was written to a file. */
	report: {
		writtenBy: (version: string) => `Created by Unmask ${version}.`,
		repeat:
			'report.json next to this file contains the same data. This command repeats the analysis and lists any difference:',
	},

	/** Burned into an annotated copy, after the verdict. */
	annotated: 'Annotated copy by Unmask: an estimate, often wrong, not proof.',

	/** Printed on a terminal. */
	terminal: {
		scale: 'Score from 0 (no signs) to 1 (strong signs).',
		frames: (sampled: number, without: number) =>
			`${frames(sampled)} analysed, ${without === 0 ? 'all with a face' : `${numbers(without)} without a face`}.`,
		faces: (found: number, excluded: number) =>
			`${faces(found)} found${excluded === 0 ? '' : `, ${numbers(excluded)} not good enough to assess`}.`,
		corrupt: (count: number) => `${plural(count, { one: '# damaged frame', other: '# damaged frames' })} left out.`,
		secondPass: (what: string) => `Second pass: ${what}.`,
		model: (id: string) => `Classifier: ${id}.`,
		more: (count: number) => `… and ${numbers(count)} more in the report.`,
		report: (path: string) => `Report: ${path}`,
	},

	history: {
		heading: 'Analyses in this browser',
		lead: 'This list is kept in this browser only. The reports are kept by the service until they are deleted.',
		empty: 'Nothing yet. Files you analyse in this browser appear here.',
		open: (name: string) => `Open the report on ${name}`,
		delete: 'Delete',
		deleteNamed: (name: string) => `Delete the report on ${name}`,
		clear: 'Clear the list',
		clearHint: 'Clears the list in this browser. The reports stay.',
		deleted: (name: string) => `${name} was deleted.`,
	},

	/** Two analyses side by side. */
	compare: {
		heading: 'Compare two analyses',
		lead: 'Put the claimed original next to the suspect clip, or two parts of one video next to each other.',
		open: 'Compare with another',
		first: 'First',
		second: 'Second',
		analysis: 'Analysis',
		none: 'Choose one',
		saved: 'Open a saved report (JSON)',
		nothing: 'There is nothing to choose from yet. Analyse both files first, or open reports that you saved.',
		from: 'From (seconds)',
		to: 'To (seconds)',
		partInvalid: 'The end has to come after the start, and both must be inside the video.',
		person: 'Person',
		whole: 'The verdict above is for the whole file, not for this part.',
		mean: (score: string, count: number) => `Mean score here: ${score}, from ${frames(count)}.`,
		meanNone: 'This person was not assessed here.',
		timeHeading: 'Both over time',
		timeHint: 'Both rows have the same time scale and start together.',
		partsHeading: 'Where the scores differ',
		partsLead:
			'Frames at the same time are compared. This only means something if both show the same scene from the same moment on.',
		parting: (span: string, first: string, second: string) => `${span}: ${first} in the first, ${second} in the second`,
		more: (count: number) => plural(count, { one: 'and # more stretch', other: 'and # more stretches' }),
		agree: (count: number) => `No difference: in ${frames(count)} compared, both scores fall into the same band.`,
		widest: (time: string, first: string, second: string) =>
			`They are furthest apart at ${time}: ${first} in the first, ${second} in the second.`,
		noPairs: 'No frames were assessed at the same time in both.',
		otherModels:
			'Different models or thresholds were used, so the scores cannot be compared. Analyse both files in the same way.',
		sameHeading: 'Is it the same person?',
		sameLead: (size: string) =>
			`An identity model compares the key faces of both reports in this browser. Nothing is sent. It loads ${size} once.`,
		sameStart: 'Compare the faces',
		match: {
			same: (first: string, second: string, distance: string) =>
				`${first} in the first and ${second} in the second: probably the same person (distance ${distance})`,
			unclear: (first: string, second: string, distance: string) =>
				`${first} in the first and ${second} in the second: cannot tell (distance ${distance})`,
			different: (first: string, second: string, distance: string) =>
				`${first} in the first and ${second} in the second: probably different people (distance ${distance})`,
		},
		sameRule: (same: string, different: string) =>
			`Each face in the first is compared with the nearest face in the second. Up to ${same} counts as the same person, from ${different} as different people. This was measured on copies of the same recordings; in other light or on another day, the same person can look further apart.`,
		sameCaveat:
			'A swapped face counts as another person, so “different people” can mean that a face was swapped. People who look alike can be taken for the same person.',
		noFaces: 'One of the reports contains no picture of a face.',
	},

	about: {
		heading: 'How it works and how far to trust it',
		lead: 'Unmask does one thing: it looks for the traces that known kinds of face manipulation leave in a picture. It does not know whether a story is true.',
		methodHeading: 'The method',
		steps: {
			video: { title: 'Video', text: 'checked and decoded, never changed' },
			frames: { title: 'Frames', text: 'spread over the whole clip' },
			faces: { title: 'Faces', text: 'every face in each frame' },
			people: { title: 'People', text: 'who is who over time' },
			scores: { title: 'Scores', text: 'one per face, with a heat map' },
			answer: { title: 'Verdict', text: 'one of four, with its range and error rates' },
		},
		own: (name: string) => `Below each step is its result in your last analysis, ${name}.`,
		ownPeople: (count: number) => plural(count, { one: '# person tracked', other: '# people tracked' }),
		methodText:
			'Every person is assessed separately, and the verdict on the video is that of its most suspicious credible person: one fake face among many is enough. Faces that are too small, too blurred or cut off are listed but do not count. If the score falls between two thresholds, or its range is too wide, the verdict is “inconclusive”.',
		answersHeading: 'The four verdicts',
		answers: {
			'likely-fake': 'The score is above the upper threshold, and its range stays clear of the lower one.',
			'likely-real':
				'The score is below the lower threshold, and its range stays clear of the upper one. This does not prove that the video is genuine.',
			uncertain:
				'The score falls between the thresholds, its range is too wide, or there was too little to see. Expect this verdict often.',
			'not-applicable': 'No face can be assessed.',
		} satisfies Record<Outcome, string>,
		errorsHeading: 'How often it is wrong',
		onVideos: 'On videos',
		onPictures: 'On still pictures',
		modelHeading: 'The model',
		modelLead:
			'AUC measures how well the model ranks manipulated above genuine: 1 is always right, 0.5 is a coin toss. Each figure comes with its sample size and 95 % range.',
		columns: { set: 'Measured on', auc: 'AUC', range: '95 % range' },
		licence: 'Licence',
		digest: 'SHA-256',
		size: 'Size',
		others: 'The other models',
		service: 'This service',
		version: 'Version',
		runsOn: 'Runs on',
		reliability: {
			heading: 'Does the score mean what it says?',
			text: 'Each dot groups videos with similar scores: the score runs from left to right, the share of them that is manipulated from bottom to top. On the dashed line, a score of 0.7 means that 7 in 10 are manipulated. The videos come from sources and generators that the model was never trained on. About half of them are manipulated; where manipulated videos are rarer, the same score means less.',
			score: 'Score',
			clips: 'Videos',
			manipulated: 'Manipulated',
		},
		modelsUnavailable: 'The figures of the model cannot be read right now.',
	},

	/** Translations of the model cards' texts; a text that is missing here is shown as it is. */
	modelTexts: {} as Readonly<Record<string, string>>,

	problems: {
		usage: {
			title: 'The service did not understand the request.',
			todo: 'The page and the service may be different versions. Reload the page.',
		},
		'file-empty': { title: 'The file is empty.', todo: 'Choose another file.' },
		'file-too-large': {
			title: 'The file is larger than this service accepts.',
			todo: 'Cut out the part that matters, or run Unmask on your own machine.',
		},
		'not-a-video': { title: 'This is not a video or picture that can be read.', todo: 'Choose a video or a picture.' },
		'playlist-refused': {
			title: 'This is a playlist, not a video.',
			todo: 'Save the video itself as a file and choose that file.',
		},
		truncated: {
			title: 'The file is incomplete: its end is missing.',
			todo: 'Download it again and let it finish.',
		},
		'no-video-stream': { title: 'The file contains only sound.', todo: 'Choose a file with a picture.' },
		'picture-too-small': { title: 'The picture is too small to contain a face.', todo: 'Look for a larger version.' },
		'picture-too-large': {
			title: 'The picture has more pixels than this service accepts.',
			todo: 'Reduce its size and try again.',
		},
		'video-too-long': {
			title: 'The video is longer than this service accepts.',
			todo: 'Cut out the part that matters.',
		},
		'part-outside': {
			title: 'The requested part is not inside the file.',
			todo: 'Choose times between its start and its end.',
		},
		encrypted: {
			title: 'The file is encrypted.',
			todo: 'Only a copy without copy protection (DRM) can be analysed.',
		},
		'codec-unsupported': {
			title: 'The codec of this file is not supported here.',
			todo: 'Convert the video to H.264, or the picture to JPEG, and try again.',
		},
		'decode-failed': {
			title: 'The video could not be decoded.',
			todo: 'Try the original file, or a copy in another format.',
		},
		'decoder-died': {
			title: 'The decoder stopped in the middle of the video.',
			todo: 'Try again. If it happens again, try another copy of the video.',
		},
		'time-limit': {
			title: 'The analysis took too long and was stopped.',
			todo: 'Analyse fewer frames or a shorter clip.',
		},
		cancelled: { title: 'The analysis was cancelled.', todo: 'Nothing was kept.' },
		'model-missing': {
			title: 'The service has no model.',
			todo: 'Whoever runs the service has to install one. Without a model there is no verdict.',
		},
		'model-unknown': { title: 'There is no model with that name.', todo: 'Start again with the default model.' },
		'tier-missing': {
			title: 'This service has no model in that tier.',
			todo: 'Choose another model, or start again with the default one.',
		},
		'model-damaged': {
			title: 'A model file of the service is damaged.',
			todo: 'Whoever runs the service has to install it again.',
		},
		'model-failed': {
			title: 'The model could not be run.',
			todo: 'Try again. If it happens again, contact whoever runs the service.',
		},
		'ffmpeg-missing': {
			title: 'The service cannot decode videos: ffmpeg is missing.',
			todo: 'Whoever runs the service has to install it.',
		},
		'provider-missing': {
			title: 'The graphics card that the service is configured to use is missing.',
			todo: 'Whoever runs the service has to set it up or use the processor instead.',
		},
		environment: {
			title: 'The service is not set up correctly.',
			todo: 'Whoever runs the service can find the reason in its log.',
		},
		'scope-missing': {
			title: 'This key does not have permission for that.',
			todo: 'Ask whoever runs this service for a key that does.',
		},
		unauthorised: { title: 'This service needs a key.', todo: 'Enter the key and try again.' },
		'not-found': { title: 'This page does not exist.', todo: 'The address may be mistyped or outdated.' },
		'analysis-interrupted': {
			title: 'The service was stopped in the middle of this analysis.',
			todo: 'Analyse the file again.',
		},
		'host-unknown': {
			title: 'The service does not know the name in the address bar.',
			todo: 'Open it by its usual address, or ask its operator to add this name (UNMASK_HOSTS).',
		},
		'rate-limited': { title: 'Too many requests in a short time.', todo: 'Wait a moment and try again.' },
		'queue-full': {
			title: 'The service is busy and its queue is full.',
			todo: 'Try again in a while. Your file is still selected.',
		},
		'links-off': {
			title: 'This service does not fetch files from addresses.',
			todo: 'Download the file and choose it here.',
		},
		'url-refused': {
			title: 'The service does not fetch from this address.',
			todo: 'Enter a complete http or https address on the public internet, without a user name or password.',
		},
		'url-unreachable': {
			title: 'The file could not be fetched from this address.',
			todo: 'Check the address and try again. If the site responds only to browsers, download the file and choose it here.',
		},
		'page-unsupported': {
			title: 'This address leads to a page, not to a file.',
			todo: 'Enter the address of the video file itself, or download the video and choose the file.',
		},
		'upload-not-found': { title: 'The upload no longer exists.', todo: 'Choose the file or enter its address again.' },
		'upload-incomplete': { title: 'The upload is not complete yet.', todo: 'Let it finish, then try again.' },
		'upload-refused': {
			title: 'The service refused the file.',
			todo: 'The permission may have expired. Start again.',
		},
		'upload-mismatch': {
			title: 'The service received a different file from the one announced.',
			todo: 'The file may have changed. Choose it again.',
		},
		'upload-interrupted': { title: 'The connection was lost during the upload.', todo: 'Resume the upload.' },
		'report-not-found': {
			title: 'This report does not exist.',
			todo: 'It was deleted, it expired, or the link is incomplete.',
		},
		'report-invalid': {
			title: 'This is not an Unmask report.',
			todo: 'The page and the service may be different versions. Reload the page.',
		},
		'analysis-running': { title: 'This upload is being analysed with other settings.', todo: 'Wait until it ends.' },
		'inference-died': {
			title: 'The process that runs the models stopped during this analysis.',
			todo: 'It was restarted. Try again.',
		},
		'not-ready': { title: 'The service is starting.', todo: 'Try again in a few seconds.' },
		'shutting-down': { title: 'The service is shutting down.', todo: 'Try again in a minute.' },
		'store-failed': {
			title: 'The service could not store or read the file.',
			todo: 'Try again. If it happens again, contact whoever runs the service.',
		},
		'write-failed': {
			title: 'The service could not write to its disk; it may be full.',
			todo: 'Try again later. If it happens again, contact whoever runs the service.',
		},
		internal: {
			title: 'Something unexpected went wrong in the service.',
			todo: 'Try again. If it happens again, contact whoever runs the service.',
		},
		'file-gone': {
			title: 'The chosen file can no longer be read.',
			todo: 'It may have been moved or changed. Choose it again.',
		},
		'upload-stalled': {
			title: 'The service responds but does not store the file.',
			todo: 'Try again. If it happens again, contact whoever runs the service.',
		},
		'bad-answer': {
			title: 'The service sent an unexpected response.',
			todo: 'A proxy may be interfering. Try again or reload the page.',
		},
		'device-codec': {
			title: 'This browser cannot decode this file.',
			todo: 'Analyse it on a server, or open this page in Chrome or Edge. An MP4 file with H.264 video works in every browser.',
		},
		'device-models': {
			title: 'The models could not be loaded into this browser.',
			todo: 'Check the connection and reload the page. If it happens again, the files on the website are damaged or blocked.',
		},
		'device-died': {
			title: 'The browser stopped the analysis.',
			todo: 'It may have run out of memory. Close other tabs and try again with fewer frames, or use a server.',
		},
		'device-unable': {
			title: 'This browser cannot analyse files itself.',
			todo: 'Use a current version of Chrome, Edge, Firefox or Safari, or a server.',
		},
		offline: { title: 'This device is offline.', todo: 'It continues when the connection is back.' },
		'service-unreachable': {
			title: 'The service cannot be reached.',
			todo: 'Check that it is running and that the address is correct, then try again.',
		},
		'stream-cut': {
			title: 'The connection was lost before the verdict arrived.',
			todo: 'Try again. A finished report is stored and will be shown.',
		},
		other: { title: 'This did not work.', todo: 'Try again. If it happens again, contact whoever runs the service.' },
	} satisfies Record<string, ProblemWords>,
	problemDetail: 'Details',
	problemCode: (code: string) => `Code: ${code}`,
};

/** The type of every catalogue: the same keys as English. */
export type Messages = typeof en;
