import './app.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { canAnalyse, createDevice } from './device/device.ts';
import { createOfflineCache } from './device/offline-cache.ts';
import { apiBase, browserSurroundings } from './lib/browser.ts';
import { I18n } from './lib/i18n.svelte.ts';
import { Offline } from './lib/offline.svelte.ts';
import { Session } from './lib/session.svelte.ts';

const base = apiBase();
const modelsUrl = new URL('models/', document.baseURI).href;
const offline = new Offline(canAnalyse() ? createOfflineCache(modelsUrl) : null);
const session = new Session({
	around: browserSurroundings(),
	base,
	browserLanguages: navigator.languages,
	device: canAnalyse() ? createDevice(modelsUrl) : null,
});

/** Host names of this machine. */
const ownHosts = new Set(['localhost', '127.0.0.1', '[::1]']);
const isLocal = ownHosts.has(new URL(base || location.href, location.href).hostname);

const open = () => void session.goTo(location.hash);
addEventListener('hashchange', open);
session.begin();
void offline.begin();
open();

const i18n = new I18n();
// mount once the words are loaded, so that the page never switches language. No await: the words' file imports this one.
void i18n.use(session.preferences.language).then(() =>
	mount(App, {
		target: document.getElementById('app') as HTMLElement,
		props: { session, i18n, offline, isLocal, modelsUrl: canAnalyse() ? modelsUrl : null },
	}),
);
