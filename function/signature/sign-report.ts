import { FlattenedSign, importJWK } from 'jose';
import { wordsIn } from '../answer/catalogues.ts';
import { languages } from '../answer/languages.ts';
import { sentenceOf } from '../answer/sentence.ts';
import type { Config } from '../config.ts';
import type { Report } from '../contract/report.ts';
import { pictureDigests, signedText } from './signed-text.ts';
import { type PublicKey, publicPart, readPrivateKey } from './signing-key.ts';

/** Signs reports with one key. */
export type Signer = {
	readonly key: PublicKey;
	/** The report with a signature, in place of an earlier one. */
	sign(report: Report): Promise<Report>;
};

/** What signs by the settings; null where no key is set. Throws `environment`. */
export async function openSigner(
	{ UNMASK_SIGNING_KEY, UNMASK_SIGNER: signer }: Pick<Config, 'UNMASK_SIGNING_KEY' | 'UNMASK_SIGNER'>,
	now = () => new Date(),
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
			// detached: the text that is signed is made again from the report (RFC 7515, appendix F)
			return { ...report, signature: { jws: `${header}..${signature}`, key, ...parts } };
		},
	};
}
