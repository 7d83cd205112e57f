import genuinePicture from '../examples/genuine.jpg';
import genuineClip from '../examples/genuine.mp4';
import manipulatedPicture from '../examples/manipulated.jpg';
import manipulatedClip from '../examples/manipulated.mp4';

/** Clips that come with the page, for users without one; whether each was manipulated is known (test/fixtures/SOURCES.md). */
export const examples = [
	{ key: 'genuine', name: 'unmask-1.mp4', picture: genuinePicture, clip: genuineClip },
	{ key: 'manipulated', name: 'unmask-2.mp4', picture: manipulatedPicture, clip: manipulatedClip },
] as const;

/** One of `examples`. */
export type Example = (typeof examples)[number];

/** Loads a clip as a file, as if the user had chosen it; rejects without a network. */
export async function fileOf({ clip, name }: Example): Promise<File> {
	const response = await fetch(clip);
	if (!response.ok) throw new Error(`${clip}: status ${response.status}`);
	return new File([await response.blob()], name, { type: 'video/mp4' });
}
