import { ProblemError } from '../../function/client/problem-error.ts';
import type { SendBytes } from '../../function/client/send-bytes.ts';

/** Uses XMLHttpRequest, because fetch does not report the progress of a body. */
export const sendByXhr: SendBytes = ({ url, headers, body, signal, onProgress }) =>
	new Promise((resolve, reject) => {
		const xhr = new XMLHttpRequest();
		const stop = () => xhr.abort();
		const settle = (end: () => void) => {
			signal.removeEventListener('abort', stop);
			end();
		};
		const aborted = () => reject(new DOMException('stopped', 'AbortError'));
		if (signal.aborted) return aborted();
		xhr.open('PUT', url);
		for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
		xhr.upload.onprogress = (event) => onProgress(event.loaded);
		xhr.onload = () =>
			settle(() =>
				resolve({
					status: xhr.status,
					range: header(xhr, 'Range'),
					retryAfter: header(xhr, 'Retry-After'),
					body: xhr.responseText,
				}),
			);
		xhr.onerror = () => settle(() => reject(new ProblemError('service-unreachable', { retryable: true })));
		xhr.onabort = () => settle(aborted);
		signal.addEventListener('abort', stop, { once: true });
		xhr.send(body);
	});

/** Checks the list of headers first: Chromium logs an error when a header that is not exposed to the page is read. */
const header = (xhr: XMLHttpRequest, name: string) =>
	xhr.getAllResponseHeaders().toLowerCase().includes(`${name.toLowerCase()}:`) ? xhr.getResponseHeader(name) : null;
