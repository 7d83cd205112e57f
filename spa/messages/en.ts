import type { Outcome, Reason } from '../../function/contract/report.ts';
import { createPlural } from './plural.ts';

const plural = createPlural('en-GB');
const faces = (count: number) => plural(count, { one: '# face', other: '# faces' });
const numbers = (value: number) => new Intl.NumberFormat('en-GB').format(value);
const frames = (count: number) => plural(count, { one: '# frame', other: '# frames' });

/** What a refusal or failure means to a person and what can be done about it. */
export type ProblemWords = { readonly title: string; readonly todo: string };

/** Every word of the page in English; `Messages` is its shape, which the other languages fill. */
export const en = {
	locale: 'en-GB',
	dir: 'ltr' as 'ltr' | 'rtl',
	ownName: 'English',

	page: {
		title: 'Unmask',
		titled: (what: string) => `${what} – Unmask`,
		skip: 'Skip to the content',
		nav: 'Pages',
		analyse: 'Analyse',
		history: 'History',
		about: 'How it works',
		language: 'Language',
		theme: 'Colours',
		themes: { auto: 'Auto', light: 'Light', dark: 'Dark' },
		footer: 'A pointer to where to look, never proof.',
		loading: 'Loading …',
		retry: 'Try again',
		home: 'Analyse a video',
	},

	start: {
		heading: 'Was a face in this video manipulated?',
		lead: 'Unmask follows every face through a video, says how strong the signs of manipulation are and where they are, and says so when it cannot tell.',
		drop: 'Drop a video or picture here',
		dropMore: 'Drop more files here',
		touch: 'Choose or record a video or picture',
		touchMore: 'Choose more files',
		dropNow: 'Let go to choose it',
		choose: 'Choose files',
		record: 'Record with the camera',
		paste: 'or paste it from the clipboard',
		limits: (size: string, duration: string) => `Videos and pictures, at most ${size} and ${duration} long.`,
		keptLocal: 'The file does not leave this machine, and the working copy is deleted after the analysis.',
		keptRemote: 'The file is sent to this service for the analysis and deleted there as soon as it ends.',
		reportKept: (time: string) => `The report is kept for ${time}, unless you delete it before.`,
		reportKeptAlways: 'The report stays until you delete it.',
		chosen: 'Check before you start',
		preview: (name: string) => `Preview of ${name}`,
		previewImpossible: 'This browser cannot play this file. It can be analysed all the same.',
		notSent: 'Nothing has been sent yet.',
		remove: 'Remove',
		removeNamed: (name: string) => `Remove ${name}`,
		depth: 'How closely to look',
		depthHint: 'More frames make the answer steadier and take longer.',
		depthFrames: (count: number) => frames(count),
		depthAll: '5 a second',
		depthAllHint: 'all through the video',
		seconds: (time: string) => `about ${time}`,
		secondsUnknown: 'How long it takes here is known after the first analysis.',
		judge: 'What judges',
		judgeHint: {
			video: 'How often each is wrong about a video, measured on known material; newer fakes can pass more often.',
			image: 'How often each is wrong about a picture, measured on known material; newer fakes can pass more often.',
		},
		judgeUsual: (id: string) => `${id} (the usual one)`,
		judgeOwn: (id: string) => `${id}, brought by whoever runs this service`,
		judgeTimes: (times: string) => `about ${times} times the work for each face`,
		judgeNotMeasured: 'How often it is wrong was not measured: it gives scores and no answer.',
		start: (count: number) => plural(count, { one: 'Analyse this file', other: 'Analyse # files' }),
		refused: 'This file cannot be analysed',
		resume: 'An upload of this file was begun before; it goes on from where it stopped.',
	},

	/** The program's own models. */
	tiers: { fast: 'Quick', thorough: 'Thorough' },

	key: {
		heading: 'This service needs a key',
		lead: 'Whoever runs it can give you one. It is kept until this tab is closed, and sent to this service only.',
		label: 'API key',
		save: 'Use this key',
		wrong: 'The service does not know this key.',
	},

	upload: {
		heading: 'Sending the file',
		progress: 'Upload',
		amount: (done: string, total: string) => `${done} of ${total}`,
		speed: (perSecond: string) => `${perSecond} a second`,
		left: (time: string) => `about ${time} left`,
		leftUnknown: 'time left not known yet',
		pause: 'Pause',
		resume: 'Go on',
		cancel: 'Cancel',
		paused: 'Paused. What has arrived is kept.',
		waiting: 'The connection was lost. It goes on by itself as soon as it is back.',
		checking: 'Checking how much has arrived …',
		starting: 'Asking for a place for the file …',
		done: 'The file has arrived.',
	},

	watch: {
		heading: 'Looking at the faces',
		headingQueue: 'Waiting for a place',
		file: (name: string) => `Analysing ${name}`,
		stages: {
			upload: 'Send the file',
			queue: 'Wait for a place',
			open: 'Open the video',
			faces: 'Find and judge faces',
			evidence: 'Gather the evidence',
			answer: 'Answer',
		},
		stageDone: 'done',
		stageNow: 'now',
		stageNext: 'to come',
		queue: (position: number) =>
			position === 1
				? 'You are next.'
				: plural(position - 1, { one: '# analysis is before yours.', other: '# analyses are before yours.' }),
		progress: 'Frames looked at',
		frames: (done: number, total: number | null) =>
			total === null ? `${frames(done)} looked at` : `${done} of ${frames(total)} looked at`,
		faces: (count: number) => `${faces(count)} judged so far`,
		noFaces: 'No face so far',
		newest: 'Newest faces',
		grows: 'Scores as they come in. The answer weighs all of them; a single dot says little.',
		playing: 'The frame being looked at',
		reconnecting: 'The analysis goes on. Connecting again …',
		againIn: (time: string) => `It is tried again by itself, in about ${time}.`,
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
			done: 'answered',
			failed: 'not analysed',
			cancelled: 'cancelled',
		},
	},

	outcomes: {
		'likely-fake': 'Strong signs of manipulation',
		'likely-real': 'No signs found',
		uncertain: 'Cannot say',
		'not-applicable': 'Not judged',
	} satisfies Record<Outcome, string>,

	reasons: {
		'no-face': {
			title: 'No face was found in the frames that were looked at.',
			todo: 'Only faces are judged. Looking at more frames may find one.',
		},
		'face-too-small': {
			title: 'The face is less than 48 pixels high.',
			todo: 'A version of the file with a larger picture may help.',
		},
		'face-too-blurred': {
			title: 'The face is too blurred to judge.',
			todo: 'A sharper or less compressed version may help.',
		},
		'face-outside-picture': {
			title: 'Too much of the face lies outside of the picture.',
			todo: 'A version that was not cropped may help.',
		},
		'too-few-frames': {
			title: 'The face is seen in too few frames to judge.',
			todo: 'Looking at more frames, or a longer clip, may help.',
		},
		'near-threshold': {
			title: 'The score lies between the two limits from which on an answer is given.',
			todo: 'The original file instead of a copy may help; often the honest answer stays “cannot say”.',
		},
		'wide-interval': {
			title: 'Some frames show strong signs and others none, so that the mean says little.',
			todo: 'Look at the moments below, and analyse with more frames.',
		},
		'tracks-disagree': {
			title: 'The faces in this video do not agree: at least one of them shows no signs.',
			todo: 'Look at each person by themselves below.',
		},
		'still-image': {
			title: 'This is a single picture.',
			todo: 'A video would show the face more than once and give a range.',
		},
		'decode-errors': {
			title: 'Most of the frames that were taken are damaged.',
			todo: 'The original file, not a copy, may help.',
		},
		'not-calibrated': {
			title: 'How often this model is wrong was not measured here, so no answer is given from its score.',
			todo: 'The scores below are the model’s own numbers. Whoever runs the service can measure it on labelled files.',
		},
		'not-main-face': {
			title: 'This model is used on the main face alone.',
			todo: 'Another model judges everybody.',
		},
	} satisfies Record<Reason, ProblemWords>,

	/** The pieces of the verdict's sentence; English takes the service's own, the other languages build it. */
	verdict: {
		fake: (what: string) => `Strong signs that ${what}.`,
		fakePicture: (what: string) => `Strong signs that ${what}; a single picture tells less than a video.`,
		fakeFaceAt: (at: string) => `the face at ${at} was manipulated`,
		fakeFaceInPicture: 'the face in this picture was manipulated',
		fakeOneInPicture: (total: number) => `one of the ${faces(total)} in this picture was manipulated`,
		fakeSeveralAt: (count: number, total: number, at: string) =>
			count === total
				? `${total === 2 ? 'both faces' : `all ${faces(total)}`} were manipulated: at ${at}`
				: `${count} of ${faces(total)} were manipulated: at ${at}`,
		fakeSeveralInPicture: (count: number, total: number) =>
			count === total
				? `${total === 2 ? 'both faces' : `all ${faces(total)}`} in this picture were manipulated`
				: `${count} of ${faces(total)} in this picture were manipulated`,
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
			`${count} of ${faces(total)} (${plural(total - count, { one: 'the other', other: 'the other #' })} could not be judged)`,
		cannotSay: (why: string) => `Cannot say: ${why}.`,
		damagedVideo: 'most of the frames taken from this video are damaged',
		damagedPicture: 'this picture is damaged',
		notMeasured: 'how often this model is wrong was not measured, so that its score gives no answer',
		tooFewOnly: (count: number) => `the only face can be judged in ${frames(count)}, which is too few`,
		tooFew: 'no face can be judged in enough frames',
		briefly: (face: string) => `${face} looks manipulated but is seen only briefly`,
		directions: (face: string) => `the frames of ${face} point in different directions`,
		neither: (face: string) => `${face} is neither clearly manipulated nor clearly genuine`,
		whileCleared: (count: number) =>
			plural(count, {
				one: ', while no signs were found in another face',
				other: ', while no signs were found in # other faces',
			}),
		noFaceVideo: 'no face was found in this video',
		noFacePicture: 'no face was found in this picture',
		onlySmall: (px: number) => `the only face is ${px} px high`,
		allSmall: (count: number, px: number) =>
			`${count === 2 ? 'both faces' : `all ${faces(count)}`} are too small, the largest is ${px} px high`,
		onlyPoor: (why: string) => `the only face is ${why}`,
		allPoor: (count: number, why: string) => `none of the ${faces(count)} can be judged: they are ${why}`,
		poor: {
			'face-too-small': 'too small',
			'face-too-blurred': 'too blurred',
			'face-outside-picture': 'cut off by the edge of the picture',
		},
	},

	answer: {
		of: (name: string, date: string) => `${name}, analysed on ${date}`,
		rangeHeading: 'The score and its range',
		scoreOnly: (score: string) => `The face scores ${score} on a scale from 0 (no signs) to 1 (strong signs).`,
		scoreDeciding: (face: string, score: string) =>
			`${face}, the one that decided, scores ${score} on a scale from 0 (no signs) to 1 (strong signs).`,
		rangeIs: (range: string) =>
			`Its 95 % range is ${range}: that is how far the score moves when other frames of the same clip are taken.`,
		rangePicture: 'A single picture gives no range.',
		rangeTooFew: 'There are too few frames to give a range.',
		limits: (above: string, below: string) =>
			`Above ${above} the answer is “strong signs”, below ${below} “no signs found”, and between them “cannot say”.`,
		notCalibrated:
			'This number is the model’s own. How often it is wrong was not measured, so there are no limits from which on it means something.',
		notChanceVideo: 'It is not the chance that this video is a fake: that depends on where it comes from, too.',
		notChancePicture: 'It is not the chance that this picture is a fake: that depends on where it comes from, too.',
		bandNone: 'no signs found',
		bandBetween: 'cannot say',
		bandStrong: 'strong signs',
		bandLabel: (score: string, range: string | null, below: string, above: string) =>
			`Score ${score}${range === null ? '' : `, range ${range}`}. Limits: ${below} and ${above}.`,
		wrongHeading: 'How often such an answer is wrong',
		genuineHeading: 'On genuine faces',
		manipulatedHeading: 'On manipulated faces',
		falseAlarm: (counts: string) => `${counts} were wrongly found to show strong signs`,
		missed: (counts: string) => `${counts} were wrongly found to show no signs`,
		rateDetail: (rate: string, low: string, high: string, n: string) =>
			`rate ${rate}, 95 % range ${low} to ${high}, measured on ${n}`,
		rateUnknown: 'This was not measured for this model.',
		measured:
			'Measured on known material. On other kinds of video, or newer kinds of manipulation, it can be wrong more often.',
		facesJudged: (count: number) => `${faces(count)} were judged here, and each is a chance for a mistake.`,
		aboutIn: (count: number, of: number) => `About ${count} in ${numbers(of)}`,
		noneOf: (n: number) => `None of ${numbers(n)}`,
	},

	/** Models of the older application. */
	older: {
		said: (label: string, percent: string) =>
			`What the older application would have said: ${label}, ${percent} %. That is its own number, not an answer of Unmask; how often it is wrong was not measured.`,
		how: {
			seed: (count: number) =>
				`Mode seed: the first ${frames(count)}, one face of each or the whole frame, and the last frame alone decides.`,
			trained: (count: number) =>
				`Mode trained: the first ${frames(count)}, one face of each or the whole frame, and their mean decides.`,
			robust: (count: number) =>
				`Mode robust: ${frames(count)} of the whole clip, every person followed and judged as Unmask does.`,
		},
		box: 'The box of a face comes from the detector of Unmask, not from dlib’s as there, so that its number can differ.',
	},

	range: (low: string, high: string) => `${low} to ${high}`,
	and: (items: readonly string[]) => new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(items),
	or: (items: readonly string[]) => new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(items),

	face: {
		name: (id: number) => `Face ${id}`,
		when: (name: string, span: string) => `${name}, ${span}`,
		judgedIn: (count: number) => `Judged in ${frames(count)}.`,
		foundJudged: (found: number, judged: number) => `Found in ${frames(found)}, judged in ${judged}.`,
		foundNotJudged: (found: number) => `Found in ${frames(found)}, judged in none.`,
		score: (score: string) => `Score ${score}`,
		scoreRange: (score: string, range: string) => `Score ${score}, 95 % range ${range}.`,
		notJudged: 'not judged',
		deciding: 'decided the answer',
	},

	timeline: {
		heading: 'Over time',
		hint: 'One row a person; each dot is a frame that was looked at.',
		hintJump: 'Choose a place, and the video jumps there.',
		hintSkipped: 'A grey mark at the bottom is a face too poor to judge.',
		keys: 'With the keyboard: arrow keys go from frame to frame, Home and End to the ends.',
		strong: 'strong signs',
		none: 'no signs',
		lane: (name: string) => `${name} over time`,
		at: (time: string, score: string, zone: string) => `${time}: score ${score}, ${zone}`,
		atNotJudged: (time: string) => `${time}: not judged`,
		atNothing: (time: string) => `${time}: face not seen`,
		table: 'The timeline as a table',
		columns: { face: 'Person', time: 'Time', score: 'Score', zone: 'Meaning', counted: 'Counted' },
		counted: 'yes',
		notCounted: (why: string) => `no: ${why}`,
		more: (count: number) =>
			plural(count, { one: '# more face is in the CSV file.', other: '# more faces are in the CSV file.' }),
		zones: {
			'strong-signs': 'strong signs',
			unclear: 'between the limits',
			'no-limits': 'no limits known',
			'no-signs': 'no signs',
			'not-judged': 'not judged',
		},
		excluded: {
			'face-too-small': 'too small',
			'face-too-blurred': 'too blurred',
			'face-outside-picture': 'cut off',
			other: 'not good enough',
		},
	},

	player: {
		heading: 'The video',
		headingPicture: 'The picture',
		label: 'The video with a frame and a score for each face',
		pictureLabel: (count: number) => `The picture with a frame around ${faces(count)}`,
		boxes: 'Show faces and scores',
		hint: 'Positions between two looks are estimated.',
		now: (time: string) => `At ${time}`,
		unseen: 'not seen here',
		missing: 'The video itself is not at hand: it was deleted from the service, and this page keeps no copy.',
		missingPicture: 'The picture itself is not at hand: it was deleted from the service, and this page keeps no copy.',
		choose: 'Choose the file again to see it play',
		different: 'This is not the same file: its size differs from the one that was analysed.',
		impossible: 'This browser cannot play this file. The moments below show what was seen.',
	},

	moments: {
		heading: 'The most telling moments',
		hint: 'Each picture is a face exactly as it was judged. The heat map shows where its score comes from; no colour means no signs there.',
		heat: 'Heat map',
		blend: 'Strength of the heat map',
		weaker: 'weaker signs',
		stronger: 'stronger signs',
		noHeat: 'This model does not tell where in a face its score comes from, so there are no heat maps.',
		jump: (time: string) => `Show ${time} in the video`,
		crop: (name: string, at: string) => `${name} at ${at}`,
		cropPicture: (name: string) => `${name}, as it was judged`,
		more: (count: number) =>
			plural(count, {
				one: '# more face, less suspicious than these or not judged, is in the report file.',
				other: '# more faces, less suspicious than these or not judged, are in the report file.',
			}),
	},

	coverage: {
		heading: 'What was analysed and what was not',
		requested: 'Frames asked for',
		requestedAll: '5 a second',
		sampled: 'Frames looked at',
		corrupt: 'Frames damaged and left out',
		withoutFace: 'Frames without a face',
		found: 'Faces found, over all frames',
		judged: 'Faces judged',
		excluded: {
			'face-too-small': 'Faces not judged: less than 48 pixels high',
			'face-too-blurred': 'Faces not judged: too blurred',
			'face-outside-picture': 'Faces not judged: cut off by the edge of the picture',
		},
		part: 'Part of the video',
		partOf: (part: string, total: string) => `${part} of ${total}`,
		partNone: 'none',
		how: 'How frames were taken',
		linear: 'decoded from the start, frames spread over the clip',
		'key-frames': 'key frames and short bursts after them, spread over the clip',
		image: 'a single picture',
		first: 'the first frames, one after the other',
		fellBack: 'Seeking in this file gave damaged pictures, so it was decoded from the start instead.',
	},

	limits: {
		heading: 'What this cannot see',
		proofVideo:
			'This is not proof, in either direction. It is one sign among others; ask where the video comes from and who has the original.',
		proofPicture:
			'This is not proof, in either direction. It is one sign among others; ask where the picture comes from and who has the original.',
		faces:
			'Only faces are judged. Edits of anything else, and a scene that was generated as a whole, are not looked for.',
		sound: 'Sound is not analysed: a cloned voice or a changed word is not noticed.',
		compression:
			'Strong compression, small size, filters and re-recording from a screen remove the traces that are looked for.',
		newer: 'The model learned from known kinds of manipulation; newer kinds can pass unnoticed.',
		heat: 'The colours show where the score comes from, not what was changed.',
	},

	take: {
		heading: 'Take it away',
		json: 'Report (JSON)',
		csv: 'Timeline (CSV)',
		print: 'Print or save as PDF',
		link: 'Copy the link',
		linkCopied: 'Link copied',
		linkFailed: 'Copying was not allowed; the address is in the address bar.',
		linkHint: 'The link opens the report for whoever can reach this service and knows the link.',
		delete: 'Delete now',
		deleteAsk: 'Delete the report and everything stored with it? This cannot be undone.',
		deleteYes: 'Yes, delete',
		deleteNo: 'Keep it',
		deleted: 'Deleted. Nothing of this analysis is left on the service or in this browser.',
		again: 'Analyse another video',
		deeper: 'Look at more frames',
	},

	run: {
		heading: 'Everything about this run',
		file: 'File',
		digest: 'SHA-256 of the file',
		size: 'Size',
		picture: 'Picture',
		pictureIs: (width: number, height: number, codec: string, container: string) =>
			`${width} × ${height} px, ${codec} in ${container}`,
		turned: (deg: number) => `, turned by ${deg}°`,
		length: 'Length',
		lengthIs: (duration: string, fps: string) => `${duration}, ${fps} frames a second`,
		unknown: 'unknown',
		plan: 'Plan',
		planIs: (frames: string, mode: string, model: string) => `frames ${frames}, mode ${mode}, model ${model}`,
		planAll: 'all',
		planDefault: 'default',
		limits: 'Limits of the score',
		limitsAre: (above: string, below: string) => `strong signs above ${above}, no signs below ${below}`,
		judgedBy: 'Judged by',
		limitsUnknown: 'not measured for this model',
		model: (kind: string) => `Model: ${kind}`,
		provider: 'Run on',
		versions: 'Versions',
		time: 'Time taken',
		timeIs: (total: string) => `${total} in all`,
		timeFirst: (first: string) => `, first face after ${first}`,
		written: 'Written',
		id: 'Analysis',
	},

	history: {
		heading: 'Analyses of this browser',
		lead: 'This list is kept in this browser only. The reports themselves are on the service until they are deleted.',
		empty: 'Nothing yet. What you analyse in this browser is listed here.',
		open: (name: string) => `Open the report on ${name}`,
		delete: 'Delete',
		deleteNamed: (name: string) => `Delete the report on ${name}`,
		clear: 'Forget the list',
		clearHint: 'Forgets the list in this browser; the reports stay.',
		deleted: (name: string) => `${name} was deleted.`,
	},

	about: {
		heading: 'How it works, and how far it can be trusted',
		lead: 'Unmask does one thing: it looks for traces that known kinds of face manipulation leave in the picture. It does not know whether a story is true.',
		methodHeading: 'The method',
		steps: {
			video: { title: 'Video', text: 'checked and decoded, nothing is changed' },
			frames: { title: 'Frames', text: 'taken all over the clip' },
			faces: { title: 'Faces', text: 'every face in each frame' },
			people: { title: 'People', text: 'who is who over time' },
			scores: { title: 'Scores', text: 'each face by itself, with a heat map' },
			answer: { title: 'Answer', text: 'one of four, with its range and its errors' },
		},
		methodText:
			'Every person is judged alone, and the video’s answer is that of its most suspicious credible person: one fake face among many is enough. Faces that are too small, too blurred or cut off are reported but not judged. Where the score lies between two limits, or its range is too wide, the answer is “cannot say”.',
		answersHeading: 'The four answers',
		answers: {
			'likely-fake': 'The score lies above the upper limit, and its range stays clear of the lower one.',
			'likely-real':
				'The score lies below the lower limit, and its range stays clear of the upper one. It does not prove that the video is genuine.',
			uncertain:
				'The score lies between the limits, its range is too wide, or too little was seen. Expect this answer often.',
			'not-applicable': 'There is no face that can be judged.',
		} satisfies Record<Outcome, string>,
		errorsHeading: 'How often it is wrong',
		onVideos: 'On videos',
		onPictures: 'On still pictures',
		modelHeading: 'The model',
		modelLead:
			'AUC tells how well the model ranks manipulated above genuine: 1 is always right, 0.5 is a coin. Each number comes with its sample and its 95 % range.',
		columns: { set: 'Measured on', auc: 'AUC', range: '95 % range' },
		licence: 'Licence',
		digest: 'SHA-256',
		size: 'Size',
		others: 'The other models',
		service: 'This service',
		version: 'Version',
		runsOn: 'Runs on',
		modelsUnavailable: 'The numbers of the model cannot be read right now.',
	},

	problems: {
		usage: {
			title: 'The service did not understand the request.',
			todo: 'The page and the service may be of different versions: load the page again.',
		},
		'file-empty': { title: 'The file is empty.', todo: 'Choose another file.' },
		'file-too-large': {
			title: 'The file is larger than this service takes.',
			todo: 'Cut out the part that matters, or run Unmask on your own machine.',
		},
		'not-a-video': { title: 'This is not a video or picture that can be read.', todo: 'Choose a video or a picture.' },
		'playlist-refused': {
			title: 'This is a playlist, not a video.',
			todo: 'Save the video itself as a file and choose that.',
		},
		truncated: {
			title: 'The file is incomplete: its end is missing.',
			todo: 'Download it again and wait until it is complete.',
		},
		'no-video-stream': { title: 'The file has sound only.', todo: 'There is no picture to analyse in it.' },
		'picture-too-small': { title: 'The picture is too small to hold a face.', todo: 'Look for a larger version.' },
		'picture-too-large': {
			title: 'The picture has more pixels than the limit.',
			todo: 'Make it smaller and try again.',
		},
		'video-too-long': { title: 'The video is longer than this service takes.', todo: 'Cut out the part that matters.' },
		'decode-failed': {
			title: 'The video could not be decoded.',
			todo: 'Try the original file, or a copy in another format.',
		},
		'decoder-died': {
			title: 'The decoder stopped in the middle of the video.',
			todo: 'Try again; if it happens again, try another copy of the video.',
		},
		'time-limit': {
			title: 'The analysis took too long and was stopped.',
			todo: 'Look at fewer frames, or at a shorter clip.',
		},
		cancelled: { title: 'The analysis was cancelled.', todo: 'Nothing of it was kept.' },
		'model-missing': {
			title: 'The service has no model.',
			todo: 'Whoever runs the service has to install it; without a model no answer is given.',
		},
		'model-unknown': { title: 'There is no model of that name.', todo: 'Start again with the default model.' },
		'tier-missing': {
			title: 'This service has no model of that tier.',
			todo: 'Choose another one, or start again with the default model.',
		},
		'model-damaged': {
			title: 'A model file of the service is damaged.',
			todo: 'Whoever runs the service has to install it again.',
		},
		'model-failed': {
			title: 'The model could not be run.',
			todo: 'Try again; if it happens again, tell whoever runs the service.',
		},
		'ffmpeg-missing': {
			title: 'The service cannot decode videos: ffmpeg is missing.',
			todo: 'Whoever runs the service has to install it.',
		},
		'provider-missing': {
			title: 'The graphics card that the service is set to use is not there.',
			todo: 'Whoever runs the service has to set it up, or let it run on the processor.',
		},
		environment: {
			title: 'The service is not set up as it should be.',
			todo: 'Whoever runs the service finds the reason in its log.',
		},
		unauthorised: { title: 'This service needs a key.', todo: 'Enter the key and try again.' },
		'not-found': { title: 'There is no such page.', todo: 'The address may be mistyped or out of date.' },
		'rate-limited': { title: 'Too many requests in a short time.', todo: 'Wait a little and try again.' },
		'queue-full': {
			title: 'The service is busy: all places are taken.',
			todo: 'Try again in a while. Your file is still here.',
		},
		'upload-not-found': { title: 'The upload is no longer there.', todo: 'Choose the file again.' },
		'upload-incomplete': { title: 'The upload is not complete yet.', todo: 'Let it go on, then try again.' },
		'upload-refused': {
			title: 'The service did not take the file.',
			todo: 'The permission may have expired: start again.',
		},
		'upload-mismatch': {
			title: 'What arrived is not the file that was announced.',
			todo: 'The file may have changed meanwhile: choose it again.',
		},
		'upload-interrupted': { title: 'The connection broke during the upload.', todo: 'Go on from where it stopped.' },
		'report-not-found': {
			title: 'There is no such report.',
			todo: 'It was deleted, it expired, or the link is incomplete.',
		},
		'report-invalid': {
			title: 'This is not a report of this program.',
			todo: 'The page and the service may be of different versions: load the page again.',
		},
		'analysis-running': { title: 'This upload is being analysed with other settings.', todo: 'Wait for it to end.' },
		'inference-died': {
			title: 'The program that runs the models stopped during this analysis.',
			todo: 'It has been started again. Try again.',
		},
		'not-ready': { title: 'The service is starting.', todo: 'Try again in a few seconds.' },
		'shutting-down': { title: 'The service is being stopped.', todo: 'Try again in a minute.' },
		'store-failed': {
			title: 'The service could not keep or read the file.',
			todo: 'Try again; if it happens again, tell whoever runs the service.',
		},
		'write-failed': {
			title: 'The service could not write to its disk; it may be full.',
			todo: 'Try again later; if it happens again, tell whoever runs the service.',
		},
		internal: {
			title: 'Something unexpected went wrong in the service.',
			todo: 'Try again; if it happens again, tell whoever runs the service.',
		},
		'file-gone': {
			title: 'The chosen file cannot be read any more.',
			todo: 'It may have been moved or changed: choose it again.',
		},
		'upload-stalled': {
			title: 'The service answers but keeps nothing of the file.',
			todo: 'Try again; if it happens again, tell whoever runs the service.',
		},
		'bad-answer': {
			title: 'The service gave an unexpected answer.',
			todo: 'Something may stand between this page and the service: try again, or load the page again.',
		},
		offline: { title: 'This device is offline.', todo: 'It goes on when the connection is back.' },
		'service-unreachable': {
			title: 'The service cannot be reached.',
			todo: 'Check that it runs and that the address is right, then try again.',
		},
		'stream-cut': {
			title: 'The connection broke before the answer came.',
			todo: 'Try again; a finished report is kept and shown.',
		},
		other: { title: 'This did not work.', todo: 'Try again; if it happens again, tell whoever runs the service.' },
	} satisfies Record<string, ProblemWords>,
	problemDetail: 'Details',
	problemCode: (code: string) => `Code: ${code}`,
};

/** The shape of a language: the same keys as English. */
export type Messages = typeof en;
