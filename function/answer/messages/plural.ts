/** The forms of a phrase by CLDR plural category; `#` stands for the number. */
export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string };

/** Inflects a phrase with a count by the rules of `locale`; Intl formats the number. */
export function createPlural(locale: string): (count: number, forms: PluralForms) => string {
	const rules = new Intl.PluralRules(locale);
	const numbers = new Intl.NumberFormat(locale);
	return (count, forms) => (forms[rules.select(count)] ?? forms.other).replace('#', numbers.format(count));
}
