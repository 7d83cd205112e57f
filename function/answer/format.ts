/** Numbers, times and sizes in a language's format; no words except unit names, which come from Intl. */
export type Format = {
	/** 12,345 */
	number(value: number, digits?: number): string;
	/** 0.950, always with this many digits. */
	fixed(value: number, digits: number): string;
	/** A position in the video, m:ss or h:mm:ss; seconds are rounded down. */
	time(timeS: number): string;
	/** Tenths of a second 0..9 to append to a position: .3 or ,3 */
	tenths(tenths: number): string;
	/** 0:12–0:19, or just 0:12 if both ends fall into the same second. */
	span(startS: number, endS: number): string;
	/** A duration in its largest one or two units: 45 seconds, 3 minutes 20 seconds, 2 days. */
	duration(seconds: number): string;
	/** 12.3 MB, 123 MB, in powers of 1000. */
	bytes(sizeBytes: number): string;
	/** A score 0..1 with two digits, kept between 0.01 and 0.99 because no measurement is certain. */
	score(probability: number): string;
	/** Date and time of day in this machine's time zone; `iso` = ISO 8601. */
	date(iso: string): string;
};

const sizeUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

const timeUnits = [
	['day', 86_400],
	['hour', 3600],
	['minute', 60],
	['second', 1],
] as const;

/** The formats of a language, e.g. `en`; in right-to-left languages, time spans are isolated so that they keep their order. */
export function createFormat(locale: string, dir: 'ltr' | 'rtl' = 'ltr'): Format {
	const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0, useGrouping: false });
	const twoDigits = new Intl.NumberFormat(locale, { minimumIntegerDigits: 2, useGrouping: false });
	const scores = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
	const point = scores.formatToParts(0).find(({ type }) => type === 'decimal')?.value ?? '.';
	const dates = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
	const lists = new Intl.ListFormat(locale, { type: 'unit', style: 'narrow' });
	const unit = (value: number, name: string, display: 'long' | 'short', digits = 0) =>
		new Intl.NumberFormat(locale, {
			style: 'unit',
			unit: name,
			unitDisplay: display,
			maximumFractionDigits: digits,
		}).format(value);
	const time = (timeS: number) => {
		const total = Math.max(0, Math.floor(timeS));
		const [hours, minutes, seconds] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
		const start = hours > 0 ? `${whole.format(hours)}:${twoDigits.format(minutes)}` : whole.format(minutes);
		return `${start}:${twoDigits.format(seconds)}`;
	};
	/** A single text if both ends read the same; otherwise both, kept in left-to-right order (LRI and PDI of Unicode's UAX 9). */
	const range = (from: string, to: string) => {
		if (from === to) return from;
		return dir === 'rtl' ? `\u2066${from}–${to}\u2069` : `${from}–${to}`;
	};
	const score = (probability: number) => scores.format(Math.min(0.99, Math.max(0.01, probability)));
	return {
		number: (value, digits = 0) => new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value),
		fixed: (value, digits) =>
			new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value),
		time,
		tenths: (tenths) => point + whole.format(tenths),
		span: (startS, endS) => range(time(startS), time(endS)),
		duration(seconds) {
			const total = Math.max(1, Math.round(seconds));
			const at = timeUnits.findIndex(([, length]) => total >= length);
			const [[name, length], next] = [timeUnits[at] ?? timeUnits[3], timeUnits[at + 1]];
			const rest = next ? Math.floor((total % length) / next[1]) : 0;
			const largest = unit(Math.floor(total / length), name, 'long');
			return next && rest > 0 ? lists.format([largest, unit(rest, next[0], 'long')]) : largest;
		},
		bytes(sizeBytes) {
			const power = Math.min(sizeUnits.length - 1, Math.floor(Math.log10(Math.max(1, sizeBytes)) / 3));
			const size = sizeBytes / 1000 ** power;
			const digits = power === 0 || size >= 100 ? 0 : 1;
			return unit(size, sizeUnits[power] ?? 'byte', power === 0 ? 'long' : 'short', digits);
		},
		score,
		date: (iso) => dates.format(new Date(iso)),
	};
}
