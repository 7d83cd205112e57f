const names = ['paper', 'ink', 'soft', 'line', 'wash', 'accent', 'fake', 'fake-wash', 'real-wash'] as const;

/** The page's colours as a canvas takes them. */
export type Colours = Readonly<Record<(typeof names)[number], string>>;

/** The colours of app.css as they are where `element` stands, in light or dark. */
export function readColours(element: Element): Colours {
	const probe = document.createElement('span');
	element.append(probe);
	const read = (name: string) => {
		probe.style.color = `var(--${name})`;
		return getComputedStyle(probe).color;
	};
	const colours = Object.fromEntries(names.map((name) => [name, read(name)])) as Colours;
	probe.remove();
	return colours;
}

/** Calls `changed` when the page turns light or dark, or goes to paper, which is light, until the returned function is called. */
export function onColoursChange(changed: () => void): () => void {
	const system = matchMedia('(prefers-color-scheme: dark)');
	const paper = matchMedia('print');
	const chosen = new MutationObserver(changed);
	system.addEventListener('change', changed);
	paper.addEventListener('change', changed);
	chosen.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
	return () => {
		system.removeEventListener('change', changed);
		paper.removeEventListener('change', changed);
		chosen.disconnect();
	};
}
