/** How the colours of a stream are stored. */
export type Colour = {
	/** swscale's name of the YUV matrix; null for RGB. */
	readonly matrix: string | null;
	readonly isFullRange: boolean;
	/** Set if the video is HDR and has to be mapped to BT.709: zscale's names for transfer, matrix and primaries. */
	readonly hdr: {
		readonly transfer: 'arib-std-b67' | 'smpte2084';
		readonly matrix: string;
		readonly primaries: string;
	} | null;
};

/** swscale's matrices by ffprobe's colour spaces (ITU-T H.273, table 4). */
const matrices: Readonly<Record<string, string>> = {
	bt709: 'bt709',
	fcc: 'fcc',
	bt470bg: 'bt601',
	smpte170m: 'bt601',
	smpte240m: 'smpte240m',
	bt2020nc: 'bt2020',
	bt2020c: 'bt2020',
};

/** The colour tags of a stream as ffprobe reports them. */
export type ColourTags = {
	readonly color_space?: string | undefined;
	readonly color_range?: string | undefined;
	readonly color_transfer?: string | undefined;
	readonly color_primaries?: string | undefined;
	readonly pix_fmt: string;
	readonly width: number;
	readonly height: number;
};

/** The colours of a stream by its tags; missing tags are filled in as players do. */
export function colourOf(tags: ColourTags): Colour {
	const { color_space, color_range, pix_fmt, width, height } = tags;
	const isRgb = color_space === 'gbr' || /^(gbr|rgb|bgr|argb|abgr|pal|0rgb|0bgr|rgba)/.test(pix_fmt);
	// untagged: standard definition is bt601, everything else bt709
	const isStandardDefinition = Math.min(width, height) <= 576 && Math.max(width, height) <= 1024;
	const matrix = isRgb ? null : (matrices[color_space ?? ''] ?? (isStandardDefinition ? 'bt601' : 'bt709'));
	return {
		matrix,
		isFullRange: color_range === 'pc' || pix_fmt.startsWith('yuvj'),
		hdr: hdrOf(tags, isRgb),
	};
}

function hdrOf({ color_transfer, color_space, color_primaries }: ColourTags, isRgb: boolean): Colour['hdr'] {
	if (color_transfer !== 'arib-std-b67' && color_transfer !== 'smpte2084') return null;
	return {
		transfer: color_transfer,
		matrix: isRgb ? 'gbr' : (zscaleMatrices[color_space ?? ''] ?? '2020_ncl'),
		primaries: color_primaries === 'bt709' ? '709' : color_primaries === 'smpte432' ? 'smpte432' : '2020',
	};
}

const zscaleMatrices: Readonly<Record<string, string>> = { bt709: '709', bt2020nc: '2020_ncl', bt2020c: '2020_cl' };

/**
 * HLG or PQ -> BT.709 as RGB. Everything up to SDR white, 100 cd/m² (ITU-R BT.1886), keeps its brightness, so that an SDR picture
 * stored as HDR is restored unchanged; brighter highlights are compressed.
 */
export function toneMapFilters(
	{ transfer, matrix, primaries }: NonNullable<Colour['hdr']>,
	isFullRange: boolean,
): string[] {
	return [
		`zscale=tin=${transfer}:min=${matrix}:pin=${primaries}:rin=${isFullRange ? 'full' : 'limited'}:t=linear:npl=100`,
		'format=gbrpf32le',
		'zscale=p=709',
		'tonemap=mobius:param=0.9:peak=10:desat=0',
		'zscale=t=709:m=gbr:r=full',
		'format=gbrp',
	];
}
