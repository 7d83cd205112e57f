/** How a stored picture has to be mirrored and turned to be upright. */
export type Orientation = {
	/** Clockwise turn, applied after mirroring. */
	readonly turnDeg: 0 | 90 | 180 | 270;
	/** Whether left and right are swapped first. */
	readonly isMirrored: boolean;
};

export const upright: Orientation = { turnDeg: 0, isMirrored: false };

const turns = [0, 90, 180, 270] as const;
const turn = (degrees: number) => turns[(((Math.round(degrees / 90) % 4) + 4) % 4) as 0 | 1 | 2 | 3];

/** A clockwise turn by `degrees`, rounded to the nearest quarter turn. */
export const turned = (degrees: number): Orientation => ({ turnDeg: turn(degrees), isMirrored: false });

/** The orientation after a further clockwise turn. */
export const turnFurther = (orientation: Orientation, degrees: number): Orientation => ({
	...orientation,
	turnDeg: turn(orientation.turnDeg + degrees),
});

/** The orientation for an EXIF value (tag 274), 1 to 8; upright for any other number. */
export function exifOrientation(value: number): Orientation {
	const [turnDeg, isMirrored] = exifValues[value] ?? [0, false];
	return { turnDeg, isMirrored };
}

const exifValues: Readonly<Record<number, readonly [Orientation['turnDeg'], boolean]>> = {
	1: [0, false],
	2: [0, true],
	3: [180, false],
	4: [180, true],
	5: [270, true],
	6: [90, false],
	7: [90, true],
	8: [270, false],
};

/**
 * The orientation nearest to a display matrix (ISO/IEC 14496-12, 8.3.2): nine numbers row by row, of which a, b, c, d map a point to
 * (a x + c y, b x + d y), y downwards. Upright if these four are 0.
 */
export function orientationOfMatrix(matrix: readonly number[]): Orientation {
	const [a = 0, b = 0, , c = 0, d = 0] = matrix;
	if (a === 0 && b === 0 && c === 0 && d === 0) return upright;
	const isMirrored = a * d - b * c < 0;
	// the angle of the mapped x axis with mirroring undone; clockwise, as y points down
	const sign = isMirrored ? -1 : 1;
	return { turnDeg: turn((Math.atan2(sign * b, sign * a) * 180) / Math.PI), isMirrored };
}

/** The ffmpeg filters that apply an orientation. */
export function orientationFilters({ turnDeg, isMirrored }: Orientation): string[] {
	if (isMirrored && turnDeg === 180) return ['vflip'];
	const byTurn = { 0: [], 90: ['transpose=clock'], 180: ['hflip', 'vflip'], 270: ['transpose=cclock'] } as const;
	return [...(isMirrored ? ['hflip'] : []), ...byTurn[turnDeg]];
}
