/** The pages by their address: `#/`, `#/analysis/{id}`, `#/about`, `#/history`. */
export type Route =
	| { readonly page: 'start' }
	| { readonly page: 'analysis'; readonly id: string }
	| { readonly page: 'about' }
	| { readonly page: 'history' }
	| { readonly page: 'unknown' };

/** What `location.hash` names; an id that is none is an unknown page. */
export function routeFromHash(hash: string): Route {
	const path = hash.replace(/^#/, '').replace(/\/+$/, '') || '/';
	if (path === '/') return { page: 'start' };
	if (path === '/about') return { page: 'about' };
	if (path === '/history') return { page: 'history' };
	const id = /^\/analysis\/([0-9a-f]{32})$/.exec(path)?.[1];
	return id ? { page: 'analysis', id } : { page: 'unknown' };
}

/** The address of a page, for links. */
export function hashFromRoute(route: Exclude<Route, { page: 'unknown' }>): string {
	if (route.page === 'start') return '#/';
	return route.page === 'analysis' ? `#/analysis/${route.id}` : `#/${route.page}`;
}
