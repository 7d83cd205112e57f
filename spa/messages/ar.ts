import type { Messages } from './en.ts';
import { createPlural, type PluralForms } from './plural.ts';

/** Arabic with Latin digits, so that scores and times stay the same as in the files that are taken away. */
const locale = 'ar-u-nu-latn';
const plural = createPlural(locale);
const numbers = (value: number) => new Intl.NumberFormat(locale).format(value);

/** Always after a preposition or as the second part of a construct. */
const faceForms: PluralForms = {
	zero: '# وجه',
	one: 'وجه واحد',
	two: 'وجهين',
	few: '# وجوه',
	many: '# وجهًا',
	other: '# وجه',
};
const frameForms: PluralForms = {
	zero: '# لقطة',
	one: 'لقطة واحدة',
	two: 'لقطتان',
	few: '# لقطات',
	many: '# لقطة',
	other: '# لقطة',
};
const frameFormsOblique: PluralForms = { ...frameForms, two: 'لقطتين' };

const inFaces = (count: number) => plural(count, faceForms);
const frames = (count: number) => plural(count, frameForms);
const inFrames = (count: number) => plural(count, frameFormsOblique);
const allFaces = (count: number) => (count === 2 ? 'الوجهين كليهما' : `الوجوه كلها (${numbers(count)})`);

/** Every word of the page in Arabic. */
export const ar: Messages = {
	locale,
	dir: 'rtl',
	ownName: 'العربية',

	page: {
		title: 'Unmask',
		titled: (what) => `${what} – Unmask`,
		skip: 'انتقل إلى المحتوى',
		nav: 'الصفحات',
		analyse: 'تحليل',
		history: 'السجلّ',
		about: 'كيف يعمل',
		language: 'اللغة',
		theme: 'الألوان',
		themes: { auto: 'تلقائي', light: 'فاتح', dark: 'داكن' },
		footer: 'مؤشّر إلى موضع النظر، وليس دليلًا قاطعًا.',
		loading: 'جارٍ التحميل…',
		retry: 'أعد المحاولة',
		home: 'حلّل فيديو',
	},

	start: {
		heading: 'هل جرى التلاعب بوجه في هذا الفيديو؟',
		lead: 'يتتبّع Unmask كل وجه في الفيديو، ويبيّن مدى قوة علامات التلاعب وموضعها، ويصرّح بذلك حين لا يستطيع الحكم.',
		drop: 'أفلت فيديو أو صورة هنا',
		dropMore: 'أفلت ملفات أخرى هنا',
		dropNow: 'أفلت لاختيار الملف',
		choose: 'اختر ملفات',
		record: 'سجّل بالكاميرا',
		paste: 'أو الصقه من الحافظة',
		limits: (size, duration) => `فيديوهات وصور، بحجم أقصاه ${size} ومدة أقصاها ${duration}.`,
		keptLocal: 'لا يغادر الملف هذا الجهاز، وتُحذف نسخة العمل بعد التحليل.',
		keptRemote: 'يُرسَل الملف إلى هذه الخدمة لتحليله، ويُحذف منها فور انتهاء التحليل.',
		reportKept: (time) => `يُحفظ التقرير مدة ${time}، ما لم تحذفه قبل ذلك.`,
		reportKeptAlways: 'يبقى التقرير إلى أن تحذفه.',
		chosen: 'راجع اختيارك قبل البدء',
		preview: (name) => `معاينة ${name}`,
		previewImpossible: 'لا يستطيع هذا المتصفّح تشغيل الملف، لكن تحليله ممكن.',
		notSent: 'لم يُرسَل شيء بعد.',
		remove: 'إزالة',
		removeNamed: (name) => `إزالة ${name}`,
		depth: 'مدى دقّة الفحص',
		depthHint: 'كلما زادت اللقطات ازداد الجواب ثباتًا وطال الوقت.',
		depthFrames: frames,
		depthAll: '5 في الثانية',
		depthAllHint: 'على امتداد الفيديو',
		seconds: (time) => `نحو ${time}`,
		secondsUnknown: 'تُعرف المدة هنا بعد أول تحليل.',
		start: (count) =>
			plural(count, {
				one: 'حلّل هذا الملف',
				two: 'حلّل الملفين',
				few: 'حلّل # ملفات',
				many: 'حلّل # ملفًا',
				other: 'حلّل # ملف',
			}),
		refused: 'لا يمكن تحليل هذا الملف',
		resume: 'بدأتَ رفع هذا الملف من قبل، وسيُتابَع من حيث توقّف.',
	},

	key: {
		heading: 'تتطلّب هذه الخدمة مفتاحًا',
		lead: 'يعطيك إياه القائم على الخدمة. يُحفظ في هذا المتصفّح ويُرسَل إلى هذه الخدمة وحدها.',
		label: 'مفتاح الواجهة البرمجية',
		save: 'استخدم هذا المفتاح',
		wrong: 'لا تعرف الخدمة هذا المفتاح.',
	},

	upload: {
		heading: 'جارٍ إرسال الملف',
		progress: 'الرفع',
		amount: (done, total) => `${done} من ${total}`,
		speed: (perSecond) => `${perSecond} في الثانية`,
		left: (time) => `يبقى نحو ${time}`,
		leftUnknown: 'الوقت المتبقّي غير معروف بعد',
		pause: 'إيقاف مؤقت',
		resume: 'متابعة',
		cancel: 'إلغاء',
		paused: 'متوقّف مؤقتًا. ما وصل محفوظ.',
		waiting: 'انقطع الاتصال. يُستأنف الرفع تلقائيًا حين يعود.',
		checking: 'جارٍ التحقّق من المقدار الذي وصل…',
		starting: 'جارٍ طلب مكان للملف…',
		done: 'وصل الملف.',
	},

	watch: {
		heading: 'جارٍ فحص الوجوه',
		headingQueue: 'في انتظار مكان',
		file: (name) => `جارٍ تحليل ${name}`,
		stages: {
			upload: 'إرسال الملف',
			queue: 'انتظار مكان',
			open: 'فتح الفيديو',
			faces: 'العثور على الوجوه والحكم عليها',
			evidence: 'جمع الشواهد',
			answer: 'الجواب',
		},
		stageDone: 'تمّ',
		stageNow: 'الآن',
		stageNext: 'لاحقًا',
		queue: (position) =>
			position === 1
				? 'دورك هو التالي.'
				: plural(position - 1, {
						one: 'قبلك تحليل واحد.',
						two: 'قبلك تحليلان.',
						few: 'قبلك # تحليلات.',
						many: 'قبلك # تحليلًا.',
						other: 'قبلك # تحليل.',
					}),
		progress: 'اللقطات المفحوصة',
		frames: (done, total) => (total === null ? `فُحصت ${frames(done)}` : `فُحصت ${numbers(done)} من ${inFrames(total)}`),
		faces: (count) => `حُكم حتى الآن على ${inFaces(count)}`,
		noFaces: 'لا وجه حتى الآن',
		newest: 'أحدث الوجوه',
		grows: 'الدرجات كما تصل. يوازن الجواب بينها جميعًا، والنقطة الواحدة لا تدلّ على الكثير.',
		playing: 'اللقطة قيد الفحص',
		reconnecting: 'التحليل مستمر. جارٍ الاتصال من جديد…',
		againIn: (time) => `تُعاد المحاولة تلقائيًا بعد نحو ${time}.`,
		cancel: 'ألغِ التحليل',
	},

	jobs: {
		heading: 'ملفاتك',
		states: {
			waiting: 'في الانتظار',
			uploading: 'يُرسَل',
			paused: 'متوقّف مؤقتًا',
			queued: 'في الطابور',
			running: 'قيد التحليل',
			done: 'صدر الجواب',
			failed: 'لم يُحلَّل',
			cancelled: 'أُلغي',
		},
	},

	outcomes: {
		'likely-fake': 'علامات قوية على التلاعب',
		'likely-real': 'لم تُكتشف علامات',
		uncertain: 'لا يمكن الجزم',
		'not-applicable': 'لم يُحكم عليه',
	},

	reasons: {
		'no-face': {
			title: 'لم يُعثر على أي وجه في اللقطات التي فُحصت.',
			todo: 'لا يُحكم إلا على الوجوه. قد يظهر وجه عند فحص لقطات أكثر.',
		},
		'face-too-small': {
			title: 'ارتفاع الوجه أقل من 48 بكسلًا.',
			todo: 'قد تفيد نسخة من الملف بصورة أكبر.',
		},
		'face-too-blurred': {
			title: 'الوجه مشوّش إلى حدّ يمنع الحكم عليه.',
			todo: 'قد تفيد نسخة أوضح أو أقل ضغطًا.',
		},
		'face-outside-picture': {
			title: 'جزء كبير من الوجه خارج إطار الصورة.',
			todo: 'قد تفيد نسخة لم تُقتطع أطرافها.',
		},
		'too-few-frames': {
			title: 'يظهر الوجه في لقطات أقل من أن تكفي للحكم.',
			todo: 'قد يفيد فحص لقطات أكثر أو مقطع أطول.',
		},
		'near-threshold': {
			title: 'تقع الدرجة بين الحدّين اللذين يُعطى الجواب خارجهما.',
			todo: 'قد يفيد الملف الأصلي بدل نسخة عنه، وكثيرًا ما يبقى الجواب الصادق «لا يمكن الجزم».',
		},
		'wide-interval': {
			title: 'بعض اللقطات تُظهر علامات قوية وبعضها لا يُظهر شيئًا، فلا يدلّ المتوسط على الكثير.',
			todo: 'انظر إلى اللحظات أدناه، وأعد التحليل بلقطات أكثر.',
		},
		'tracks-disagree': {
			title: 'لا تتفق الوجوه في هذا الفيديو: واحد منها على الأقل لا يُظهر أي علامات.',
			todo: 'انظر إلى كل شخص على حدة أدناه.',
		},
		'still-image': {
			title: 'هذه صورة واحدة.',
			todo: 'الفيديو يُظهر الوجه أكثر من مرة ويعطي نطاقًا.',
		},
		'decode-errors': {
			title: 'معظم اللقطات المأخوذة تالفة.',
			todo: 'قد يفيد الملف الأصلي لا نسخة عنه.',
		},
		'not-calibrated': {
			title: 'لم يُقَس هنا كم مرة يخطئ هذا النموذج، فلا يُعطى جواب من درجته.',
			todo: 'الدرجات أدناه أرقام النموذج نفسه. ويستطيع من يدير الخدمة أن يقيسه على ملفات معروفة الأصل.',
		},
		'not-main-face': {
			title: 'يُستعمل هذا النموذج على الوجه الرئيسي وحده.',
			todo: 'نموذج آخر يحكم على الجميع.',
		},
	},

	verdict: {
		fake: (what) => `توجد علامات قوية على ${what}.`,
		fakePicture: (what) => `توجد علامات قوية على ${what}؛ والصورة الواحدة تدلّ على أقل مما يدلّ عليه الفيديو.`,
		fakeFaceAt: (at) => `التلاعب بالوجه عند ${at}`,
		fakeFaceInPicture: 'التلاعب بالوجه في هذه الصورة',
		fakeOneInPicture: (total) => `التلاعب بوجه واحد من ${inFaces(total)} في هذه الصورة`,
		fakeSeveralAt: (count, total, at) =>
			count === total
				? `التلاعب ب${allFaces(total)}: عند ${at}`
				: `التلاعب بعدد ${numbers(count)} من ${inFaces(total)}: عند ${at}`,
		fakeSeveralInPicture: (count, total) =>
			count === total
				? `التلاعب ب${allFaces(total)} في هذه الصورة`
				: `التلاعب بعدد ${numbers(count)} من ${inFaces(total)} في هذه الصورة`,
		otherTimes: 'أوقات أخرى',
		realVideo: (where) => `لم تُكتشف علامات تلاعب في ${where}؛ وهذا لا يثبت أن الفيديو أصلي.`,
		realPicture: (where) => `لم تُكتشف علامات تلاعب في ${where}؛ وهذا لا يثبت أن الصورة أصلية.`,
		faceAt: (at) => `الوجه عند ${at}`,
		faceInPicture: 'الوجه في هذه الصورة',
		oneFaceInPicture: 'أحد الوجوه في هذه الصورة',
		faces: inFaces,
		facesInPicture: (count) => `${inFaces(count)} في هذه الصورة`,
		someFaces: (count, total) =>
			`${numbers(count)} من ${inFaces(total)} (${plural(total - count, {
				one: 'ولم يمكن الحكم على الوجه الآخر',
				two: 'ولم يمكن الحكم على الوجهين الآخرين',
				few: 'ولم يمكن الحكم على الوجوه الأخرى وعددها #',
				many: 'ولم يمكن الحكم على الوجوه الأخرى وعددها #',
				other: 'ولم يمكن الحكم على الوجوه الأخرى وعددها #',
			})})`,
		cannotSay: (why) => `لا يمكن الجزم: ${why}.`,
		damagedVideo: 'معظم اللقطات المأخوذة من هذا الفيديو تالفة',
		damagedPicture: 'هذه الصورة تالفة',
		notMeasured: 'لم يُقَس كم مرة يخطئ هذا النموذج، فلا تعطي درجته جوابًا',
		tooFewOnly: (count) => `لا يمكن الحكم على الوجه الوحيد إلا في ${inFrames(count)}، وهذا لا يكفي`,
		tooFew: 'لا يظهر أي وجه في عدد كافٍ من اللقطات',
		briefly: (face) => `يبدو ${face} متلاعَبًا به لكنه لا يظهر إلا قليلًا`,
		directions: (face) => `لقطات ${face} تشير في اتجاهات مختلفة`,
		neither: (face) => `${face} ليس واضح التلاعب ولا واضح السلامة منه`,
		whileCleared: (count) =>
			plural(count, {
				one: '، بينما لم تُكتشف علامات في وجه آخر',
				two: '، بينما لم تُكتشف علامات في وجهين آخرين',
				few: '، بينما لم تُكتشف علامات في # وجوه أخرى',
				many: '، بينما لم تُكتشف علامات في # وجهًا آخر',
				other: '، بينما لم تُكتشف علامات في # وجه آخر',
			}),
		noFaceVideo: 'لم يُعثر على أي وجه في هذا الفيديو',
		noFacePicture: 'لم يُعثر على أي وجه في هذه الصورة',
		onlySmall: (px) => `ارتفاع الوجه الوحيد ${numbers(px)} بكسل`,
		allSmall: (count, px) =>
			`${count === 2 ? 'الوجهان كلاهما' : `الوجوه كلها (${numbers(count)})`} أصغر من اللازم، وارتفاع أكبرها ${numbers(px)} بكسل`,
		onlyPoor: (why) => `الوجه الوحيد ${why}`,
		allPoor: (count, why) => `لا يمكن الحكم على أيٍّ من ${allFaces(count)}، فكلٌّ منها ${why}`,
		poor: {
			'face-too-small': 'أصغر من اللازم',
			'face-too-blurred': 'مشوّش أكثر من اللازم',
			'face-outside-picture': 'مقطوع عند حافة الصورة',
		},
	},

	answer: {
		of: (name, date) => `${name}، حُلّل في ${date}`,
		rangeHeading: 'الدرجة ونطاقها',
		scoreOnly: (score) => `درجة الوجه ${score} على مقياس من 0 (لا علامات) إلى 1 (علامات قوية).`,
		scoreDeciding: (face, score) =>
			`${face}، وهو الذي حسم الجواب، درجته ${score} على مقياس من 0 (لا علامات) إلى 1 (علامات قوية).`,
		rangeIs: (range) => `نطاقها بثقة 95 % هو ${range}: هذا مقدار تحرّك الدرجة لو أُخذت لقطات أخرى من المقطع نفسه.`,
		rangePicture: 'الصورة الواحدة لا تعطي نطاقًا.',
		rangeTooFew: 'اللقطات أقل من أن تعطي نطاقًا.',
		limits: (above, below) =>
			`فوق ${above} يكون الجواب «علامات قوية»، وتحت ${below} «لم تُكتشف علامات»، وبينهما «لا يمكن الجزم».`,
		notCalibrated: 'هذا رقم النموذج نفسه. لم يُقَس كم مرة يخطئ، فلا حدود معروفة يصبح للرقم بعدها معنى.',
		notChanceVideo: 'ليست هذه نسبة احتمال أن يكون الفيديو مزيّفًا، فذلك يتوقف أيضًا على مصدره.',
		notChancePicture: 'ليست هذه نسبة احتمال أن تكون الصورة مزيّفة، فذلك يتوقف أيضًا على مصدرها.',
		bandNone: 'لم تُكتشف علامات',
		bandBetween: 'لا يمكن الجزم',
		bandStrong: 'علامات قوية',
		bandLabel: (score, range, below, above) =>
			`الدرجة ${score}${range === null ? '' : `، النطاق ${range}`}. الحدّان: ${below} و${above}.`,
		wrongHeading: 'كم يخطئ مثل هذا الجواب',
		genuineHeading: 'مع الوجوه الأصلية',
		manipulatedHeading: 'مع الوجوه المتلاعَب بها',
		falseAlarm: (counts) => `${counts} قيل خطأً إن فيها علامات قوية`,
		missed: (counts) => `${counts} قيل خطأً إنه لا علامات فيها`,
		rateDetail: (rate, low, high, n) => `المعدّل ${rate}، والنطاق بثقة 95 % من ${low} إلى ${high}، قيس على ${n}`,
		rateUnknown: 'لم يُقَس هذا لهذا النموذج.',
		measured: 'قيس على مواد معروفة. وقد يزداد الخطأ مع أنواع أخرى من الفيديو أو أنواع أحدث من التلاعب.',
		facesJudged: (count) => `حُكم هنا على ${inFaces(count)}، وكل حكم منها قد يكون خطأ.`,
		aboutIn: (count, of) => `نحو ${numbers(count)} من كل ${numbers(of)}`,
		noneOf: (n) => `لا شيء من ${numbers(n)}`,
	},

	range: (low, high) => `${low} إلى ${high}`,
	and: (items) => new Intl.ListFormat(locale, { type: 'conjunction' }).format(items),
	or: (items) => new Intl.ListFormat(locale, { type: 'disjunction' }).format(items),

	face: {
		name: (id) => `الوجه ${numbers(id)}`,
		when: (name, span) => `${name}، ${span}`,
		judgedIn: (count) => `حُكم عليه في ${inFrames(count)}.`,
		foundJudged: (found, judged) => `عُثر عليه في ${inFrames(found)}، وحُكم عليه في ${numbers(judged)} منها.`,
		foundNotJudged: (found) => `عُثر عليه في ${inFrames(found)}، ولم يُحكم عليه في أي منها.`,
		score: (score) => `الدرجة ${score}`,
		scoreRange: (score, range) => `الدرجة ${score}، والنطاق بثقة 95 % هو ${range}.`,
		notJudged: 'لم يُحكم عليه',
		deciding: 'حسم الجواب',
	},

	timeline: {
		heading: 'على مدى الزمن',
		hint: 'صفّ لكل شخص، وكل نقطة لقطة فُحصت.',
		hintJump: 'اختر موضعًا فينتقل الفيديو إليه.',
		hintSkipped: 'العلامة الرمادية في الأسفل وجه لا تسمح جودته بالحكم عليه.',
		keys: 'بلوحة المفاتيح: مفاتيح الأسهم تنتقل من لقطة إلى لقطة، وHome وEnd إلى الطرفين.',
		strong: 'علامات قوية',
		none: 'لا علامات',
		lane: (name) => `${name} على مدى الزمن`,
		at: (time, score, zone) => `${time}: الدرجة ${score}، ${zone}`,
		atNotJudged: (time) => `${time}: لم يُحكم عليه`,
		atNothing: (time) => `${time}: لم يظهر الوجه`,
		table: 'الخط الزمني في جدول',
		columns: { face: 'الشخص', time: 'الوقت', score: 'الدرجة', zone: 'المعنى', counted: 'محسوب' },
		counted: 'نعم',
		notCounted: (why) => `لا: ${why}`,
		more: (count) =>
			plural(count, {
				one: 'وجه آخر في ملف CSV.',
				two: 'وجهان آخران في ملف CSV.',
				few: '# وجوه أخرى في ملف CSV.',
				many: '# وجهًا آخر في ملف CSV.',
				other: '# وجه آخر في ملف CSV.',
			}),
		zones: {
			'strong-signs': 'علامات قوية',
			unclear: 'بين الحدّين',
			'no-signs': 'لا علامات',
			'not-judged': 'لم يُحكم عليه',
		},
		excluded: {
			'face-too-small': 'أصغر من اللازم',
			'face-too-blurred': 'مشوّش',
			'face-outside-picture': 'مقطوع',
			other: 'جودته غير كافية',
		},
	},

	player: {
		heading: 'الفيديو',
		headingPicture: 'الصورة',
		label: 'الفيديو مع إطار ودرجة لكل وجه',
		pictureLabel: (count) => `الصورة مع إطار حول ${inFaces(count)}`,
		boxes: 'أظهر الوجوه والدرجات',
		hint: 'المواضع بين نظرتين مقدَّرة.',
		now: (time) => `عند ${time}`,
		unseen: 'لا يظهر هنا',
		missing: 'الفيديو نفسه غير متاح: حُذف من الخدمة، ولا تحتفظ هذه الصفحة بنسخة منه.',
		missingPicture: 'الصورة نفسها غير متاحة: حُذفت من الخدمة، ولا تحتفظ هذه الصفحة بنسخة منها.',
		choose: 'اختر الملف مرة أخرى لمشاهدته',
		different: 'ليس هذا الملف نفسه: يختلف حجمه عن حجم الملف الذي حُلّل.',
		impossible: 'لا يستطيع هذا المتصفّح تشغيل الملف. تُظهر اللحظات أدناه ما شوهد.',
	},

	moments: {
		heading: 'أكثر اللحظات دلالة',
		hint: 'كل صورة هي وجه كما حُكم عليه تمامًا. تُظهر الخريطة الحرارية من أين تأتي درجته، وحيث لا لون فلا علامات.',
		heat: 'الخريطة الحرارية',
		blend: 'شدّة الخريطة الحرارية',
		weaker: 'علامات أضعف',
		stronger: 'علامات أقوى',
		noHeat: 'لا يبيّن هذا النموذج من أي موضع في الوجه تأتي درجته، فلا توجد خرائط حرارية.',
		jump: (time) => `اعرض ${time} في الفيديو`,
		crop: (name, at) => `${name} عند ${at}`,
		cropPicture: (name) => `${name} كما حُكم عليه`,
		more: (count) =>
			plural(count, {
				one: 'وجه آخر أقل إثارة للشك أو لم يُحكم عليه موجود في ملف التقرير.',
				two: 'وجهان آخران أقل إثارة للشك أو لم يُحكم عليهما موجودان في ملف التقرير.',
				few: '# وجوه أخرى أقل إثارة للشك أو لم يُحكم عليها موجودة في ملف التقرير.',
				many: '# وجهًا آخر أقل إثارة للشك أو لم يُحكم عليه موجود في ملف التقرير.',
				other: '# وجه آخر أقل إثارة للشك أو لم يُحكم عليه موجود في ملف التقرير.',
			}),
	},

	coverage: {
		heading: 'ما الذي حُلّل وما الذي لم يُحلَّل',
		requested: 'اللقطات المطلوبة',
		requestedAll: '5 في الثانية',
		sampled: 'اللقطات المفحوصة',
		corrupt: 'اللقطات التالفة المستبعدة',
		withoutFace: 'اللقطات الخالية من الوجوه',
		found: 'الوجوه المعثور عليها في كل اللقطات',
		judged: 'الوجوه التي حُكم عليها',
		excluded: {
			'face-too-small': 'وجوه لم يُحكم عليها: ارتفاعها أقل من 48 بكسلًا',
			'face-too-blurred': 'وجوه لم يُحكم عليها: مشوّشة',
			'face-outside-picture': 'وجوه لم يُحكم عليها: مقطوعة عند حافة الصورة',
		},
		part: 'الجزء المفحوص من الفيديو',
		partOf: (part, total) => `${part} من ${total}`,
		partNone: 'لا شيء',
		how: 'طريقة أخذ اللقطات',
		linear: 'فُكّ الترميز من البداية، واللقطات موزّعة على المقطع',
		'key-frames': 'لقطات مفتاحية ومجموعات قصيرة بعدها، موزّعة على المقطع',
		image: 'صورة واحدة',
		first: 'اللقطات الأولى واحدة تلو الأخرى',
		fellBack: 'أعطى القفز داخل هذا الملف صورًا تالفة، ففُكّ ترميزه من البداية بدلًا من ذلك.',
	},

	limits: {
		heading: 'ما لا تستطيع هذه الأداة رؤيته',
		proofVideo: 'ليس هذا دليلًا قاطعًا في أي من الاتجاهين، بل قرينة بين قرائن؛ فاسأل عن مصدر الفيديو وعمّن يملك الأصل.',
		proofPicture: 'ليس هذا دليلًا قاطعًا في أي من الاتجاهين، بل قرينة بين قرائن؛ فاسأل عن مصدر الصورة وعمّن يملك الأصل.',
		faces: 'لا يُحكم إلا على الوجوه. ولا يُبحث عن تعديل أي شيء آخر، ولا عن مشهد مولَّد بكامله.',
		sound: 'لا يُحلَّل الصوت: فلا يُلاحظ صوت مستنسخ ولا كلمة مبدّلة.',
		compression: 'الضغط الشديد وصغر الحجم والمرشّحات وإعادة التصوير عن شاشة تمحو الآثار التي يُبحث عنها.',
		newer: 'تعلّم النموذج من أنواع معروفة من التلاعب، وقد تفلت منه أنواع أحدث.',
		heat: 'تُظهر الألوان من أين تأتي الدرجة، لا ما الذي غُيّر.',
	},

	take: {
		heading: 'خذه معك',
		json: 'التقرير (JSON)',
		csv: 'الخط الزمني (CSV)',
		print: 'اطبع أو احفظ PDF',
		link: 'انسخ الرابط',
		linkCopied: 'نُسخ الرابط',
		linkFailed: 'لم يُسمح بالنسخ؛ العنوان في شريط العنوان.',
		linkHint: 'يفتح الرابط التقرير لكل من يصل إلى هذه الخدمة ويعرف الرابط.',
		delete: 'احذف الآن',
		deleteAsk: 'أتريد حذف التقرير وكل ما حُفظ معه؟ لا يمكن التراجع عن ذلك.',
		deleteYes: 'نعم، احذف',
		deleteNo: 'أبقِه',
		deleted: 'حُذف. لم يبقَ شيء من هذا التحليل في الخدمة ولا في هذا المتصفّح.',
		again: 'حلّل فيديو آخر',
		deeper: 'افحص لقطات أكثر',
	},

	run: {
		heading: 'كل شيء عن هذا التشغيل',
		file: 'الملف',
		digest: 'بصمة SHA-256 للملف',
		size: 'الحجم',
		picture: 'الصورة',
		pictureIs: (width, height, codec, container) => `\u2066${width} × ${height}\u2069 بكسل، ${codec} في ${container}`,
		turned: (deg) => `، مدارة ${numbers(deg)} درجة`,
		length: 'الطول',
		lengthIs: (duration, fps) => `${duration}، ${fps} لقطة في الثانية`,
		unknown: 'غير معروف',
		plan: 'الخطة',
		planIs: (count, mode, model) => `اللقطات ${count}، النمط ${mode}، النموذج ${model}`,
		planAll: 'الكل',
		planDefault: 'الافتراضي',
		limits: 'حدود الدرجة',
		limitsAre: (above, below) => `علامات قوية فوق ${above}، لا علامات تحت ${below}`,
		limitsUnknown: 'لم تُقَس لهذا النموذج',
		model: (kind) => `النموذج: ${kind}`,
		provider: 'شُغّل على',
		versions: 'الإصدارات',
		time: 'الوقت المستغرق',
		timeIs: (total) => `${total} إجمالًا`,
		timeFirst: (first) => `، وأول وجه بعد ${first}`,
		written: 'وقت الكتابة',
		id: 'التحليل',
	},

	history: {
		heading: 'تحليلات هذا المتصفّح',
		lead: 'تُحفظ هذه القائمة في هذا المتصفّح وحده. أما التقارير نفسها فتبقى في الخدمة إلى أن تُحذف.',
		empty: 'لا شيء بعد. ما تحلّله في هذا المتصفّح يُدرج هنا.',
		open: (name) => `افتح التقرير عن ${name}`,
		delete: 'احذف',
		deleteNamed: (name) => `احذف التقرير عن ${name}`,
		clear: 'انسَ القائمة',
		clearHint: 'تُنسى القائمة في هذا المتصفّح، وتبقى التقارير.',
		deleted: (name) => `حُذف ${name}.`,
	},

	about: {
		heading: 'كيف يعمل، وإلى أي حدّ يمكن الوثوق به',
		lead: 'يفعل Unmask شيئًا واحدًا: يبحث عن آثار تتركها في الصورة أنواع معروفة من التلاعب بالوجوه. وهو لا يعرف هل القصة صحيحة.',
		methodHeading: 'الطريقة',
		steps: {
			video: { title: 'الفيديو', text: 'يُفحص ويُفكّ ترميزه، ولا يُغيَّر فيه شيء' },
			frames: { title: 'اللقطات', text: 'تؤخذ من المقطع كله' },
			faces: { title: 'الوجوه', text: 'كل وجه في كل لقطة' },
			people: { title: 'الأشخاص', text: 'مَن هو مَن على مدى الزمن' },
			scores: { title: 'الدرجات', text: 'لكل وجه وحده، مع خريطة حرارية' },
			answer: { title: 'الجواب', text: 'واحد من أربعة، مع نطاقه وأخطائه' },
		},
		methodText:
			'يُحكم على كل شخص وحده، وجواب الفيديو هو جواب أكثر الأشخاص إثارة للشك ممن يُعتدّ بالحكم عليهم: فوجه واحد مزيّف بين وجوه كثيرة يكفي. أما الوجوه الصغيرة جدًا أو المشوّشة أو المقطوعة فتُذكر ولا يُحكم عليها. وحيث تقع الدرجة بين حدّين، أو يتسع نطاقها أكثر من اللازم، يكون الجواب «لا يمكن الجزم».',
		answersHeading: 'الأجوبة الأربعة',
		answers: {
			'likely-fake': 'تقع الدرجة فوق الحدّ الأعلى، ولا يبلغ نطاقها الحدّ الأدنى.',
			'likely-real': 'تقع الدرجة تحت الحدّ الأدنى، ولا يبلغ نطاقها الحدّ الأعلى. وهذا لا يثبت أن الفيديو أصلي.',
			uncertain: 'تقع الدرجة بين الحدّين، أو يتسع نطاقها أكثر من اللازم، أو لم يُشاهَد ما يكفي. توقّع هذا الجواب كثيرًا.',
			'not-applicable': 'لا يوجد وجه يمكن الحكم عليه.',
		},
		errorsHeading: 'كم يخطئ',
		onVideos: 'في مقاطع الفيديو',
		onPictures: 'في الصور الثابتة',
		modelHeading: 'النموذج',
		modelLead:
			'يبيّن مقياس AUC مدى إجادة النموذج ترتيب المتلاعَب به فوق الأصلي: 1 صواب دائمًا، و0.5 كرمي قطعة نقد. ومع كل رقم عيّنته ونطاقه بثقة 95 %.',
		columns: { set: 'قيس على', n: 'العيّنة', auc: 'AUC', range: 'النطاق بثقة 95 %' },
		licence: 'الترخيص',
		digest: 'SHA-256',
		size: 'الحجم',
		others: 'النماذج الأخرى',
		service: 'هذه الخدمة',
		version: 'الإصدار',
		runsOn: 'تعمل على',
		modelsUnavailable: 'تتعذّر قراءة أرقام النموذج الآن.',
	},

	problems: {
		'file-empty': { title: 'الملف فارغ.', todo: 'اختر ملفًا آخر.' },
		'file-too-large': {
			title: 'الملف أكبر مما تقبله هذه الخدمة.',
			todo: 'اقتطع الجزء المهم، أو شغّل Unmask على جهازك.',
		},
		'not-a-video': { title: 'ليس هذا فيديو أو صورة يمكن قراءتها.', todo: 'اختر فيديو أو صورة.' },
		'playlist-refused': { title: 'هذه قائمة تشغيل وليست فيديو.', todo: 'احفظ الفيديو نفسه في ملف واختره.' },
		truncated: { title: 'الملف ناقص: نهايته مفقودة.', todo: 'نزّله من جديد وانتظر حتى يكتمل.' },
		'no-video-stream': { title: 'لا يحوي الملف إلا صوتًا.', todo: 'لا صورة فيه لتحليلها.' },
		'picture-too-small': { title: 'الصورة أصغر من أن تحوي وجهًا.', todo: 'ابحث عن نسخة أكبر.' },
		'picture-too-large': { title: 'عدد بكسلات الصورة يتجاوز الحد.', todo: 'صغّرها ثم أعد المحاولة.' },
		'video-too-long': { title: 'الفيديو أطول مما تقبله هذه الخدمة.', todo: 'اقتطع الجزء المهم.' },
		'decode-failed': { title: 'تعذّر فكّ ترميز الفيديو.', todo: 'جرّب الملف الأصلي أو نسخة بصيغة أخرى.' },
		'decoder-died': {
			title: 'توقّف فكّ الترميز في منتصف الفيديو.',
			todo: 'أعد المحاولة؛ فإن تكرّر ذلك فجرّب نسخة أخرى من الفيديو.',
		},
		'time-limit': { title: 'طال التحليل أكثر من الحد فأُوقف.', todo: 'افحص لقطات أقل أو مقطعًا أقصر.' },
		cancelled: { title: 'أُلغي التحليل.', todo: 'لم يُحفظ منه شيء.' },
		'model-missing': {
			title: 'لا نموذج لدى الخدمة.',
			todo: 'على القائم على الخدمة أن يثبّته، فلا جواب بلا نموذج.',
		},
		'model-unknown': { title: 'لا يوجد نموذج بهذا الاسم.', todo: 'ابدأ من جديد بالنموذج الافتراضي.' },
		'model-damaged': { title: 'أحد ملفات النموذج في الخدمة تالف.', todo: 'على القائم على الخدمة أن يثبّته من جديد.' },
		'model-failed': {
			title: 'تعذّر تشغيل النموذج.',
			todo: 'أعد المحاولة؛ فإن تكرّر ذلك فأخبر القائم على الخدمة.',
		},
		'ffmpeg-missing': {
			title: 'لا تستطيع الخدمة فكّ ترميز الفيديو: برنامج ffmpeg مفقود.',
			todo: 'على القائم على الخدمة أن يثبّته.',
		},
		unauthorised: { title: 'تتطلّب هذه الخدمة مفتاحًا.', todo: 'أدخل المفتاح وأعد المحاولة.' },
		'not-found': { title: 'لا توجد صفحة بهذا العنوان.', todo: 'ربما في العنوان خطأ أو لم يعد صالحًا.' },
		'rate-limited': { title: 'طلبات كثيرة في وقت قصير.', todo: 'انتظر قليلًا ثم أعد المحاولة.' },
		'queue-full': {
			title: 'الخدمة مشغولة: كل الأماكن محجوزة.',
			todo: 'أعد المحاولة بعد قليل. ما زال ملفك هنا.',
		},
		'upload-not-found': { title: 'لم يعد الملف المرفوع موجودًا.', todo: 'اختر الملف مرة أخرى.' },
		'upload-incomplete': { title: 'لم يكتمل الرفع بعد.', todo: 'دعه يكتمل ثم أعد المحاولة.' },
		'upload-refused': { title: 'لم تقبل الخدمة الملف.', todo: 'ربما انتهت صلاحية الإذن: ابدأ من جديد.' },
		'upload-mismatch': {
			title: 'ما وصل ليس الملف الذي أُعلن عنه.',
			todo: 'ربما تغيّر الملف في الأثناء: اختره مرة أخرى.',
		},
		'upload-interrupted': { title: 'انقطع الاتصال أثناء الرفع.', todo: 'تابع من حيث توقّف.' },
		'report-not-found': { title: 'لا يوجد تقرير بهذا العنوان.', todo: 'حُذف، أو انتهت مدته، أو الرابط ناقص.' },
		'report-invalid': {
			title: 'ليس هذا تقريرًا من هذا البرنامج.',
			todo: 'قد تكون الصفحة والخدمة من إصدارين مختلفين: أعد تحميل الصفحة.',
		},
		'analysis-running': { title: 'يُحلَّل هذا الملف الآن بإعدادات أخرى.', todo: 'انتظر حتى ينتهي.' },
		'inference-died': {
			title: 'توقّف البرنامج الذي يشغّل النماذج أثناء هذا التحليل.',
			todo: 'أُعيد تشغيله. أعد المحاولة.',
		},
		'not-ready': { title: 'الخدمة قيد التشغيل.', todo: 'أعد المحاولة بعد ثوانٍ.' },
		'shutting-down': { title: 'الخدمة قيد الإيقاف.', todo: 'أعد المحاولة بعد دقيقة.' },
		'store-failed': {
			title: 'لم تستطع الخدمة حفظ الملف أو قراءته.',
			todo: 'أعد المحاولة؛ فإن تكرّر ذلك فأخبر القائم على الخدمة.',
		},
		internal: {
			title: 'حدث خطأ غير متوقّع في الخدمة.',
			todo: 'أعد المحاولة؛ فإن تكرّر ذلك فأخبر القائم على الخدمة.',
		},
		'file-gone': {
			title: 'لم يعد ممكنًا قراءة الملف الذي اخترته.',
			todo: 'ربما نُقل أو تغيّر: اختره مرة أخرى.',
		},
		'upload-stalled': {
			title: 'تجيب الخدمة لكنها لا تستلم شيئًا من الملف.',
			todo: 'أعد المحاولة؛ فإن تكرّر ذلك فأخبر القائم على الخدمة.',
		},
		'bad-answer': {
			title: 'كان جواب الخدمة غير متوقّع.',
			todo: 'قد يعترض الطريقَ خادمٌ وسيط: أعد المحاولة، أو أعد تحميل الصفحة.',
		},
		offline: { title: 'هذا الجهاز غير متصل بالشبكة.', todo: 'يستمر العمل حين يعود الاتصال.' },
		'service-unreachable': {
			title: 'يتعذّر الوصول إلى الخدمة.',
			todo: 'تأكّد من أنها تعمل وأن العنوان صحيح، ثم أعد المحاولة.',
		},
		'stream-cut': {
			title: 'انقطع الاتصال قبل وصول الجواب.',
			todo: 'أعد المحاولة؛ والتقرير المكتمل محفوظ ويُعرض.',
		},
		other: { title: 'لم ينجح هذا.', todo: 'أعد المحاولة؛ فإن تكرّر ذلك فأخبر القائم على الخدمة.' },
	},
	problemDetail: 'تفاصيل',
	problemCode: (code) => `الرمز: ${code}`,
};
