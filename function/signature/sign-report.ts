import { FlattenedSign, importJWK } from 'jose';
import { wordsIn } from '../answer/catalogues.ts';
import { languages } from '../answer/languages.ts';
import { sentenceOf } from '../answer/sentence.ts';
import type { Config } from '../config.ts';
import type { Report, ReportTimeStamp } from '../contract/report.ts';
import { pictureDigests, signedText } from './signed-text.ts';
import { type PublicKey, publicPart, readPrivateKey } from './signing-key.ts';

/** Signs reports with one key. */
export type Signer = {
	readonly key: PublicKey;
	/** The report with a signature, which replaces any earlier one. */
	sign(report: Report): Promise<Report>;
};

/** Options of a signer. */
export type SignerOptions = {
	readonly now?: () => Date;
	/** Called with the reason if an authority is set but a report gets no time stamp. */
	readonly onStampFailure?: (why: string) => void;
};

type SignerConfig = Pick<Config, 'UNMASK_SIGNING_KEY' | 'UNMASK_SIGNER' | 'UNMASK_TSA_URL'>;

/** Opens the signer of the settings; null if no key is set. Throws `environment`. */
export async function openSigner(
	{ UNMASK_SIGNING_KEY, UNMASK_SIGNER: signer, UNMASK_TSA_URL: authority }: SignerConfig,
	{ now = () => new Date(), onStampFailure = () => {} }: SignerOptions = {},
): Promise<Signer | null> {
	if (UNMASK_SIGNING_KEY === null) return null;
	const privateKey = await readPrivateKey(UNMASK_SIGNING_KEY);
	const key = publicPart(privateKey);
	const imported = await importJWK(privateKey, 'EdDSA');
	return {
		key,
		async sign(report) {
			const parts = {
				signer,
				signedAt: now().toISOString(),
				pictures: pictureDigests(report),
				sentences: Object.fromEntries(languages.map((language) => [language, sentenceOf(report, wordsIn(language))])),
			};
			const { protected: header, signature } = await new FlattenedSign(signedText(report, parts))
				.setProtectedHeader({ alg: 'EdDSA', kid: key.kid, typ: 'unmask-report+jws' })
				.sign(imported);
			// detached: the signed text is rebuilt from the report (RFC 7515, appendix F)
			const jws = `${header}..${signature}`;
			return { ...report, signature: { jws, key, ...parts, timeStamp: await stamp(jws) } };
		},
	};

	/** If the authority fails, the report goes without a time stamp. */
	async function stamp(jws: string): Promise<ReportTimeStamp | null> {
		if (authority === null) return null;
		try {
			const { requestTimeStamp } = await import('./time-stamp.ts');
			return await requestTimeStamp(authority, jws);
		} catch (thrown) {
			onStampFailure((thrown as Error).message);
			return null;
		}
	}
}
