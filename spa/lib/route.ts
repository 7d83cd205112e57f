/** The pages by address: `#/`, `#/analysis/{id}`, `#/about`, `#/history`, `#/compare/{id}/{id}` with no, one or two ids. */
export type Route =
	| { readonly page: 'start' }
	| { readonly page: 'analysis'; readonly id: string }
	| { readonly page: 'about' }
	| { readonly page: 'history' }
	| { readonly page: 'compare'; readonly ids: readonly string[] }
	| { readonly page: 'unknown' };

/** Parses `location.hash`; an invalid id gives an unknown page. */
export function routeFromHash(hash: string): Route {
	const path = hash.replace(/^#/, '').replace(/\/+$/, '') || '/';
	if (path === '/') return { page: 'start' };
	if (path === '/about') return { page: 'about' };
	if (path === '/history') return { page: 'history' };
	const compared = /^\/compare((?:\/[0-9a-f]{32}){0,2})$/.exec(path)?.[1];
	if (compared !== undefined) return { page: 'compare', ids: compared.split('/').filter(Boolean) };
	const id = /^\/analysis\/([0-9a-f]{32})$/.exec(path)?.[1];
	return id ? { page: 'analysis', id } : { page: 'unknown' };
}

/** The address of a page, for links. */
export function hashFromRoute(route: Exclude<Route, { page: 'unknown' }>): string {
	if (route.page === 'start') return '#/';
	if (route.page === 'compare') return ['#/compare', ...route.ids].join('/');
	return route.page === 'analysis' ? `#/analysis/${route.id}` : `#/${route.page}`;
}
