import { createHmac, randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import type { StoredResult } from '../contract/report.ts';
import { AnalysisError } from '../errors.ts';
import type { KeptTexts } from '../store/store.ts';
import type { LastEvent } from '../worker/event-log.ts';
import { checkLiteral, guardedRequest, type OutgoingRules, parseOutgoing } from './guarded-request.ts';

const minuteMs = 60_000;

/**
 * Pauses between tries, by the Standard Webhooks specification (github.com/standard-webhooks/standard-webhooks, "Deliverability and
 * reliability"): a day and a quarter in all.
 */
const pausesMs = [5000, ...[5, 30, 120, 300, 600, 720].map((minutes) => minutes * minuteMs)];

/** How long a receiver may take to answer, milliseconds. */
const answerMs = 15_000;
/** How often what is kept is looked through: for jobs whose instance is gone. */
const sweepMs = 10 * minuteMs;

const recordSchema = z.object({
	/** The same for every try, so that a receiver can tell a repetition. */
	messageId: z.string(),
	url: z.string(),
	/** Digest of the key that asked; says which secret signs. */
	client: z.string(),
	/** Tries so far. */
	tries: z.number().int(),
	/** When the next one is due, milliseconds since 1970. */
	dueMs: z.number(),
	/** What is sent; null while the job runs. */
	body: z.string().nullable(),
});
type WebhookRecord = z.infer<typeof recordSchema>;

/** What became of one try. */
export type Outcome = 'delivered' | 'failed' | 'given-up';

/** What webhooks need. */
export type WebhookOptions = {
	readonly kept: KeptTexts;
	/** Secret of the service, of which those of the keys are made. */
	readonly secret: string;
	readonly rules: OutgoingRules;
	/** What is known of an analysis; a job that has not ended has a `state`. */
	readonly find: (id: string) => Promise<StoredResult | { readonly state: string } | null>;
	readonly onOutcome?: (outcome: Outcome, id: string, why: string) => void;
	readonly now?: () => number;
	/** Calls back after `ms`; the returned function takes it back. */
	readonly timer?: (ms: number, call: () => void) => () => void;
};

/** Tells the addresses that clients have named how their jobs ended: signed, kept over restarts, tried again for hours. */
export class Webhooks {
	readonly #options: Required<WebhookOptions>;
	readonly #waiting = new Map<string, () => void>();
	readonly #sending = new Map<string, AbortController>();
	#takeBackSweep: () => void = () => {};
	#isClosed = false;

	constructor(options: WebhookOptions) {
		this.#options = { onOutcome: () => {}, now: Date.now, timer: usualTimer, ...options };
	}

	/** Goes on with what an earlier process has left. */
	start(): void {
		void this.#sweep();
	}

	/** The secret that a client verifies with, as the specification writes it. */
	secretOf(client: string): string {
		const bytes = createHmac('sha256', this.#options.secret).update(`webhooks of ${client}`).digest();
		return `whsec_${bytes.toString('base64')}`;
	}

	/** The address as it is called; throws `url-refused`. */
	check(url: string): string {
		const parsed = parseOutgoing(url);
		checkLiteral(parsed, false, this.#options.rules);
		return parsed.href;
	}

	/** Tells the end of an analysis, now or when it is there; throws `url-refused`, `store-failed`, `write-failed`. */
	async begin(id: string, url: string, client: string): Promise<void> {
		const href = this.check(url);
		const messageId = `msg_${randomBytes(16).toString('hex')}`;
		await this.#write(id, { messageId, url: href, client, tries: 0, dueMs: 0, body: null });
		await this.#resume(id); // it may have ended by now
	}

	/** An analysis has ended: tells it, where that was asked for. Never throws. */
	async finish(id: string, last: LastEvent): Promise<void> {
		try {
			const record = await this.#read(id);
			if (record?.body === null) await this.#ended(id, record, dataOfEnd(id, last));
		} catch (thrown) {
			this.#options.onOutcome('failed', id, messageOf(thrown)); // the sweep tries again
		}
	}

	/** Nothing is told of it any more. */
	async forget(id: string): Promise<void> {
		this.#stop(id);
		await this.#options.kept.remove(id);
	}

	/** Ends what is under way; the records stay for the next process. */
	close(): void {
		this.#isClosed = true;
		this.#takeBackSweep();
		for (const id of [...this.#waiting.keys(), ...this.#sending.keys()]) this.#stop(id);
	}

	#stop(id: string): void {
		this.#waiting.get(id)?.();
		this.#waiting.delete(id);
		this.#sending.get(id)?.abort();
	}

	/** Whatever is kept and not in hand: what was left by another process, or whose job was lost with it. */
	async #sweep(): Promise<void> {
		const failed = (thrown: unknown) => this.#options.onOutcome('failed', '', messageOf(thrown));
		try {
			for (const id of await this.#options.kept.list()) if (!this.#isInHand(id)) await this.#resume(id).catch(failed);
		} catch (thrown) {
			failed(thrown);
		}
		if (!this.#isClosed) this.#takeBackSweep = this.#options.timer(sweepMs, () => void this.#sweep());
	}

	#isInHand = (id: string) => this.#waiting.has(id) || this.#sending.has(id);

	async #resume(id: string): Promise<void> {
		const record = await this.#read(id);
		if (!record) return;
		if (record.body !== null) return this.#plan(id, record);
		const found = await this.#options.find(id);
		if (found && 'state' in found) return; // it runs, here or elsewhere
		if (found) await this.#ended(id, record, dataOfStored(id, found));
		else await this.#options.kept.remove(id); // deleted
	}

	async #ended(id: string, record: WebhookRecord, data: object): Promise<void> {
		const timestamp = new Date(this.#options.now()).toISOString();
		const ended = { ...record, body: JSON.stringify({ type: 'analysis.ended', timestamp, data }) };
		await this.#write(id, ended);
		this.#plan(id, ended);
	}

	#plan(id: string, record: WebhookRecord): void {
		if (this.#isClosed || this.#isInHand(id)) return;
		const ms = Math.max(0, record.dueMs - this.#options.now());
		this.#waiting.set(
			id,
			this.#options.timer(ms, () => void this.#try(id, record)),
		);
	}

	async #try(id: string, record: WebhookRecord): Promise<void> {
		const stop = new AbortController();
		this.#waiting.delete(id);
		this.#sending.set(id, stop);
		let next: WebhookRecord | null = null;
		try {
			const why = await this.#send(record, stop.signal);
			if (stop.signal.aborted) return;
			const pauseMs = pausesMs[record.tries];
			const isLast = why !== null && (pauseMs === undefined || why === gone);
			this.#options.onOutcome(why === null ? 'delivered' : isLast ? 'given-up' : 'failed', id, why ?? '');
			if (why === null || isLast || pauseMs === undefined) await this.#options.kept.remove(id);
			else {
				next = { ...record, tries: record.tries + 1, dueMs: this.#options.now() + pauseMs * (0.9 + Math.random() / 5) };
				await this.#write(id, next);
			}
		} catch (thrown) {
			this.#options.onOutcome('failed', id, messageOf(thrown)); // the store: the sweep finds what is kept
		} finally {
			this.#sending.delete(id);
		}
		if (next) this.#plan(id, next);
	}

	/** One try: null when it was taken, else why not. */
	async #send({ url, client, messageId, body }: WebhookRecord, signal: AbortSignal): Promise<string | null> {
		const sentAt = new Date(this.#options.now());
		const text = body ?? '';
		const headers = {
			'content-type': 'application/json',
			'webhook-id': messageId,
			'webhook-timestamp': `${Math.floor(sentAt.getTime() / 1000)}`,
			'webhook-signature': new Webhook(this.secretOf(client)).sign(messageId, sentAt, text),
		};
		try {
			const answer = await guardedRequest(
				parseOutgoing(url),
				{ method: 'POST', headers, body: text, signal, answerMs, plainHttp: false },
				this.#options.rules,
			);
			answer.destroy(); // nothing in it matters
			const { statusCode = 0 } = answer;
			if (statusCode >= 200 && statusCode < 300) return null;
			return statusCode === 410 ? gone : `answered ${statusCode}`;
		} catch (thrown) {
			return thrown instanceof AnalysisError ? `${thrown.code} ${thrown.detail}` : messageOf(thrown);
		}
	}

	async #read(id: string): Promise<WebhookRecord | null> {
		const text = await this.#options.kept.read(id);
		return text === null ? null : recordSchema.parse(JSON.parse(text));
	}

	#write(id: string, record: WebhookRecord): Promise<void> {
		return this.#options.kept.write(id, JSON.stringify(record));
	}
}

/** The receiver wants no more of it (RFC 9110, section 15.5.11). */
const gone = 'answered 410';

/** What is told: the state and the verdict, never a picture, a name or the video. */
function dataOfEnd(id: string, last: LastEvent): object {
	if (last.type === 'report') return { id, state: 'done', verdict: last.report.verdict, error: null };
	const state = last.error.code === 'cancelled' ? 'cancelled' : 'failed';
	const { code, retryable } = last.error;
	return { id, state, verdict: null, error: { code, retryable } };
}

function dataOfStored(id: string, stored: StoredResult): object {
	return stored.schema === 'unmask-report/1'
		? dataOfEnd(id, { type: 'report', report: stored })
		: dataOfEnd(id, { type: 'failed', fileName: '', error: stored.error });
}

const messageOf = (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown));

function usualTimer(ms: number, call: () => void): () => void {
	const timer = setTimeout(call, ms).unref();
	return () => clearTimeout(timer);
}
