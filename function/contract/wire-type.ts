/** A media type as uploads keep it: lower case, without parameters; `application/octet-stream` for what is no video's or picture's. */
export function wireType(type: string): string {
	const essence = type.split(';', 1)[0]?.trim().toLowerCase() ?? '';
	return /^(video|image)\/|^application\/(mp4|mxf|ogg)$/.test(essence) ? essence : 'application/octet-stream';
}
