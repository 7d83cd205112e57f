import type { Report } from '../contract/report.ts';
import { wordsIn } from './catalogues.ts';
import type { Language } from './languages.ts';
import { sentenceOf } from './sentence.ts';

/** The same report with its sentence in a language. A signed report uses the sentence that was signed, so that the signature stays valid. */
export function reportIn(language: Language, report: Report): Report {
	const { signature, verdict } = report;
	const sentence = signature
		? (signature.sentences[language] ?? verdict.sentence)
		: sentenceOf(report, wordsIn(language));
	return { ...report, verdict: { ...verdict, sentence } };
}

/** The same event with its report's sentence in a language. */
export function eventIn<E extends { readonly type: string; readonly report?: Report }>(
	language: Language,
	event: E,
): E {
	return event.report ? { ...event, report: reportIn(language, event.report) } : event;
}
