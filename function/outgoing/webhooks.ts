import { createHmac, randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import type { StoredResult } from '../contract/report.ts';
import { AnalysisError } from '../errors.ts';
import type { TextRecords } from '../store/store.ts';
import type { LastEvent } from '../worker/event-log.ts';
import { checkLiteral, guardedRequest, type OutgoingRules, parseOutgoing } from './guarded-request.ts';

const minuteMs = 60_000;

/**
 * Pauses between attempts, by the Standard Webhooks specification (github.com/standard-webhooks/standard-webhooks, "Deliverability and
 * reliability"): about 30 hours in all.
 */
const pausesMs = [5000, ...[5, 30, 120, 300, 600, 720].map((minutes) => minutes * minuteMs)];

/** Time limit for a receiver's response, milliseconds. */
const responseTimeoutMs = 15_000;
/** Interval between sweeps of the records for jobs whose instance is gone. */
const sweepMs = 10 * minuteMs;

const recordSchema = z.object({
	/** The same for every attempt, so that a receiver can recognise duplicates. */
	messageId: z.string(),
	url: z.string(),
	/** The client that asked for the webhook, whose secret signs it; see `signerOf`. */
	client: z.string(),
	/** Attempts so far. */
	tries: z.number().int(),
	/** When the next attempt is due, milliseconds since 1970. */
	dueMs: z.number(),
	/** The body to send; null while the job is running. */
	body: z.string().nullable(),
});
type WebhookRecord = z.infer<typeof recordSchema>;

/** The outcome of an attempt. */
export type Outcome = 'delivered' | 'failed' | 'given-up';

/** Options of the webhooks. */
export type WebhookOptions = {
	readonly records: TextRecords;
	/** The service's secret, from which the clients' secrets are derived. */
	readonly secret: string;
	readonly rules: OutgoingRules;
	/** Finds an analysis; a job that has not ended has a `state`. */
	readonly find: (id: string) => Promise<StoredResult | { readonly state: string } | null>;
	readonly onOutcome?: (outcome: Outcome, id: string, why: string) => void;
	readonly now?: () => number;
	/** Calls back after `ms`; the returned function cancels the timer. */
	readonly timer?: (ms: number, call: () => void) => () => void;
};

/** Notifies the addresses that clients have given when their jobs end. Webhooks are signed, survive restarts and are retried for hours. */
export class Webhooks {
	readonly #options: Required<WebhookOptions>;
	readonly #waiting = new Map<string, () => void>();
	readonly #sending = new Map<string, { readonly stop: AbortController; readonly ended: Promise<void> }>();
	#cancelSweep: () => void = () => {};
	#isClosed = false;

	constructor(options: WebhookOptions) {
		this.#options = { onOutcome: () => {}, now: Date.now, timer: defaultTimer, ...options };
	}

	/** Resumes the webhooks that an earlier process left behind. */
	start(): void {
		void this.#sweep();
	}

	/** The secret with which a client verifies webhooks, in the form of the specification. */
	secretOf(client: string): string {
		const bytes = createHmac('sha256', this.#options.secret).update(`webhooks of ${client}`).digest();
		return `whsec_${bytes.toString('base64')}`;
	}

	/** Normalises and checks an address; throws `url-refused`. */
	check(url: string): string {
		const parsed = parseOutgoing(url);
		checkLiteral(parsed, false, this.#options.rules);
		return parsed.href;
	}

	/** Registers a webhook for the end of an analysis, which may have ended already; replaces an earlier one. Throws `url-refused`, `store-failed`, `write-failed`. */
	async register(id: string, url: string, client: string): Promise<void> {
		const href = this.check(url);
		const messageId = `msg_${randomBytes(16).toString('hex')}`;
		await this.#stop(id);
		await this.#write(id, { messageId, url: href, client, tries: 0, dueMs: 0, body: null });
		await this.#resume(id); // it may have ended by now
	}

	/** Sends the webhook of an analysis that has ended, if there is one. Never throws. */
	async finish(id: string, last: LastEvent): Promise<void> {
		try {
			const record = await this.#read(id);
			if (record?.body === null) await this.#ended(id, record, dataOfEnd(id, last));
		} catch (thrown) {
			this.#options.onOutcome('failed', id, messageOf(thrown)); // the sweep tries again
		}
	}

	/** Cancels the webhook of an analysis. */
	async forget(id: string): Promise<void> {
		await this.#stop(id);
		await this.#options.records.remove(id);
	}

	/** Stops all activity; the records remain for the next process. */
	close(): void {
		this.#isClosed = true;
		this.#cancelSweep();
		for (const id of [...this.#waiting.keys(), ...this.#sending.keys()]) void this.#stop(id);
	}

	/** Resolves once the attempt under way no longer changes the record. */
	async #stop(id: string): Promise<void> {
		this.#waiting.get(id)?.();
		this.#waiting.delete(id);
		const sending = this.#sending.get(id);
		sending?.stop.abort();
		await sending?.ended;
	}

	/** Resumes every record that is not active: those that another process left, or whose job was lost with its process. */
	async #sweep(): Promise<void> {
		const failed = (thrown: unknown) => this.#options.onOutcome('failed', '', messageOf(thrown));
		try {
			for (const id of await this.#options.records.list())
				if (!this.#isActive(id)) await this.#resume(id).catch(failed);
		} catch (thrown) {
			failed(thrown);
		}
		if (!this.#isClosed) this.#cancelSweep = this.#options.timer(sweepMs, () => void this.#sweep());
	}

	#isActive = (id: string) => this.#waiting.has(id) || this.#sending.has(id);

	async #resume(id: string): Promise<void> {
		const record = await this.#read(id);
		if (!record) return;
		if (record.body !== null) return this.#schedule(id, record);
		const found = await this.#options.find(id);
		if (found && 'state' in found) return; // still running, here or elsewhere
		if (found) await this.#ended(id, record, dataOfStored(id, found));
		else await this.#options.records.remove(id); // deleted
	}

	async #ended(id: string, record: WebhookRecord, data: object): Promise<void> {
		const timestamp = new Date(this.#options.now()).toISOString();
		const ended = { ...record, body: JSON.stringify({ type: 'analysis.ended', timestamp, data }) };
		await this.#write(id, ended);
		this.#schedule(id, ended);
	}

	#schedule(id: string, { dueMs }: WebhookRecord): void {
		if (this.#isClosed || this.#isActive(id)) return;
		const ms = Math.max(0, dueMs - this.#options.now());
		this.#waiting.set(
			id,
			this.#options.timer(ms, () => this.#begin(id)),
		);
	}

	#begin(id: string): void {
		const stop = new AbortController();
		this.#waiting.delete(id);
		this.#sending.set(id, { stop, ended: this.#attempt(id, stop.signal) });
	}

	/** Never rejects. */
	async #attempt(id: string, signal: AbortSignal): Promise<void> {
		let next: WebhookRecord | null = null;
		try {
			const record = await this.#read(id); // another process may have sent, tried or forgotten it meanwhile
			if (record && record.body !== null && !signal.aborted)
				next = record.dueMs > this.#options.now() ? record : await this.#try(id, record, signal);
		} catch (thrown) {
			this.#options.onOutcome('failed', id, messageOf(thrown)); // the store failed; the sweep will find the record
		} finally {
			this.#sending.delete(id);
		}
		if (next && !signal.aborted) this.#schedule(id, next);
	}

	/** Sends a webhook and records the outcome; returns the record of the next attempt, or null if there is none. */
	async #try(id: string, record: WebhookRecord, signal: AbortSignal): Promise<WebhookRecord | null> {
		const why = await this.#send(record, signal);
		if (signal.aborted) return null;
		const pauseMs = pausesMs[record.tries];
		const isLast = why !== null && (pauseMs === undefined || why === gone);
		this.#options.onOutcome(why === null ? 'delivered' : isLast ? 'given-up' : 'failed', id, why ?? '');
		if (why === null || isLast || pauseMs === undefined) {
			await this.#options.records.remove(id);
			return null;
		}
		const dueMs = this.#options.now() + pauseMs * (0.9 + Math.random() / 5);
		const next = { ...record, tries: record.tries + 1, dueMs };
		await this.#write(id, next);
		return next;
	}

	/** Sends a webhook once; null if it was accepted, otherwise why not. */
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
			const response = await guardedRequest(
				parseOutgoing(url),
				{ method: 'POST', headers, body: text, signal, responseTimeoutMs, plainHttp: false },
				this.#options.rules,
			);
			response.destroy(); // only the status matters
			const { statusCode = 0 } = response;
			if (statusCode >= 200 && statusCode < 300) return null;
			return statusCode === 410 ? gone : `responded with ${statusCode}`;
		} catch (thrown) {
			return thrown instanceof AnalysisError ? `${thrown.code} ${thrown.detail}` : messageOf(thrown);
		}
	}

	async #read(id: string): Promise<WebhookRecord | null> {
		const text = await this.#options.records.read(id);
		return text === null ? null : recordSchema.parse(JSON.parse(text));
	}

	#write(id: string, record: WebhookRecord): Promise<void> {
		return this.#options.records.write(id, JSON.stringify(record));
	}
}

/** The receiver wants no more webhooks (RFC 9110, section 15.5.11). */
const gone = 'responded with 410';

/** The webhook's data: the state and the verdict, never a picture, a name or the video. */
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

function defaultTimer(ms: number, call: () => void): () => void {
	const timer = setTimeout(call, ms).unref();
	return () => clearTimeout(timer);
}
