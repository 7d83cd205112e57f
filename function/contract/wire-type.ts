/** A media type as uploads store it: lower case, without parameters; `application/octet-stream` if it is neither video nor image. */
export function wireType(type: string): string {
	const essence = type.split(';', 1)[0]?.trim().toLowerCase() ?? '';
	return /^(video|image)\/|^application\/(mp4|mxf|ogg)$/.test(essence) ? essence : 'application/octet-stream';
}
