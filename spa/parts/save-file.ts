/** Has the browser save a text or picture under a name. */
export function saveFile(name: string, type: string, content: string | Blob): void {
	const url = URL.createObjectURL(new Blob([content], { type }));
	const link = document.createElement('a');
	link.href = url;
	link.download = name;
	document.body.append(link);
	link.click();
	link.remove();
	setTimeout(() => URL.revokeObjectURL(url), 10_000); // some browsers read it only after a moment
}
