import './app.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { canAnalyse, createDevice } from './device/device.ts';
import { createKeeper } from './device/keeper.ts';
import { apiBase, browserSurroundings } from './lib/browser.ts';
import { Offline } from './lib/offline.svelte.ts';
import { Session } from './lib/session.svelte.ts';
import { Spoken } from './lib/spoken.svelte.ts';

const base = apiBase();
const modelsUrl = new URL('models/', document.baseURI).href;
const offline = new Offline(canAnalyse() ? createKeeper(modelsUrl) : null);
const session = new Session({
	around: browserSurroundings(),
	base,
	spoken: navigator.languages,
	device: canAnalyse() ? createDevice(modelsUrl) : null,
});

/** Names by which a machine calls itself. */
const own = new Set(['localhost', '127.0.0.1', '[::1]']);
const isLocal = own.has(new URL(base || location.href, location.href).hostname);

const open = () => void session.goTo(location.hash);
addEventListener('hashchange', open);
session.begin();
void offline.begin();
open();

const spoken = new Spoken();
// not before its words are there: no page in one language that turns into another. No await: the words' file imports this one.
void spoken.speak(session.preferences.language).then(() =>
	mount(App, {
		target: document.getElementById('app') as HTMLElement,
		props: { session, spoken, offline, isLocal, modelsUrl: canAnalyse() ? modelsUrl : null },
	}),
);
