/** Forms of a phrase by the plural categories of CLDR; `#` stands for the number. */
export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string };

/** A phrase with a count, as the language of `locale` inflects it; the number is written by Intl. */
export function createPlural(locale: string): (count: number, forms: PluralForms) => string {
	const rules = new Intl.PluralRules(locale);
	const numbers = new Intl.NumberFormat(locale);
	return (count, forms) => (forms[rules.select(count)] ?? forms.other).replace('#', numbers.format(count));
}
