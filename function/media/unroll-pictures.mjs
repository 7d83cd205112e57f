// @ts-check
import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';

/**
 * Writes the frames of an animated WebP, the pages of a TIFF, an AVIF, or a JPEG with colours of print as an animated PNG, which ffmpeg reads frame by frame. Runs in a
 * separate process because the input is untrusted, and is plain JavaScript because Node 20 cannot run TypeScript.
 * Arguments: FILE OUT. Prints how many pictures it wrote and how many there are.
 */

/** Most bytes of pixels that are written; if there are more, only every second, third ... picture is kept. */
const maxBytes = 1024 ** 3;
const maxPictures = 3000;
/** Most pages whose size is compared, because each is searched from the start of the file. */
const maxDescribed = 100;
/** Largest picture, px, as in ffmpeg-input.ts, and the exit status for a larger one. */
const maxPixels = 8192 * 8192;
const exitTooLarge = 3;
/** Bytes of pixels per read, because each read decodes a WebP from its start. */
const bytesPerRead = 256 * 1024 ** 2;
/** Most pixels that are decoded, counting repeated decoding each time. */
const maxDecoded = 6e9;
/** Durations of a page, which has none of its own, and of a frame without one, as browsers show it. */
const pageMs = 1000;
const frameMs = 100;

const [file = '', out = ''] = process.argv.slice(2);
sharp.concurrency(1);
sharp.cache(false);
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
	operation: ['VipsForeignLoadWebp', 'VipsForeignLoadTiff', 'VipsForeignLoadHeif', 'VipsForeignLoadJpeg'],
});

/** The size of a page as it is shown. libvips refuses to describe pages of different sizes together. */
async function describePage(/** @type {number} */ number) {
	const found = await sharp(file, { page: number, limitInputPixels: false }).metadata();
	const isTurned = found.format !== 'webp' && (found.orientation ?? 1) >= 5;
	const { width, height } = found;
	return { ...found, width: isTurned ? height : width, height: isTurned ? width : height };
}

const isHalf = (/** @type {number} */ length, /** @type {number} */ whole) =>
	length < whole && Math.abs(2 * length - whole) <= 1;

const { pages: listed = 1, delay = [], format, orientation = 1, ...first } = await describePage(0);
/** Whether its pictures are read one by one, each with its own size and orientation. */
const isPages = format !== 'webp';
/** That of the largest page, because the first may be a thumbnail; smaller ones are shown whole. */
const size = { width: first.width, height: first.height };
/** Numbers of the pages to read: a pyramid has its picture again at half the size, and again at half of that. */
const numbers = Array.from({ length: listed }, (_, number) => number);
let before = { ...size };
for (let number = 1; isPages && number < Math.min(listed, maxDescribed); number++) {
	const { width, height } = await describePage(number);
	if (isHalf(width, before.width) && isHalf(height, before.height)) numbers.splice(numbers.indexOf(number), 1);
	if (width * height > size.width * size.height) Object.assign(size, { width, height });
	before = { width, height };
}
if (size.width * size.height > maxPixels) process.exit(exitTooLarge);
const channels = 4;
const pictureBytes = size.width * size.height * channels;
const perRead = Math.max(1, Math.floor(bytesPerRead / pictureBytes));
const affordable = Math.floor(Math.sqrt((2 * perRead * maxDecoded) / (size.width * size.height)));
const pages = isPages ? numbers.length : Math.min(listed, Math.max(perRead, affordable));
const step = Math.max(1, Math.ceil(pages / maxPictures), Math.ceil((pages * pictureBytes) / maxBytes));
const durationOf = (/** @type {number} */ page) => (isPages ? pageMs : delay[page] || frameMs);

/** One page of a TIFF, which may have its own size and orientation, or an AVIF. */
async function page(/** @type {number} */ number) {
	return await sharp(file, { page: number, failOn: 'none', limitInputPixels: maxPixels })
		.autoOrient()
		.resize(size.width, size.height, { fit: 'contain', background: '#808080' })
		.toColourspace('srgb')
		.ensureAlpha()
		.raw()
		.toBuffer();
}

/** Frames of an animation from `first` on, as many as one read takes. */
async function frames(/** @type {number} */ first) {
	const count = Math.min(pages - first, perRead);
	return await sharp(file, { page: first, pages: count, limitInputPixels: false, failOn: 'none' })
		.toColourspace('srgb')
		.ensureAlpha()
		.raw()
		.toBuffer();
}

async function* pictures() {
	for (let at = 0; at < pages; ) {
		const pixels = isPages ? await page(numbers[at] ?? at) : await frames(at);
		const count = isPages ? 1 : Math.floor(pixels.length / pictureBytes);
		for (let i = 0; i < count; i++)
			if ((at + i) % step === 0)
				yield { number: at + i, pixels: pixels.subarray(i * pictureBytes, (i + 1) * pictureBytes) };
		at += Math.max(1, count);
	}
}

/** @type {(type: string, ...parts: Uint8Array[]) => Buffer} A PNG chunk: length, type, data, checksum. */
function chunk(type, ...parts) {
	const body = Buffer.concat([Buffer.from(type, 'latin1'), ...parts]);
	const ends = [Buffer.alloc(4), Buffer.alloc(4)];
	ends[0]?.writeUInt32BE(body.length - 4);
	ends[1]?.writeUInt32BE(crc32(body));
	return Buffer.concat([/** @type {Buffer} */ (ends[0]), body, /** @type {Buffer} */ (ends[1])]);
}

const u32 = (/** @type {number[]} */ ...values) => {
	const bytes = Buffer.alloc(4 * values.length);
	for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i);
	return bytes;
};

/** The data of all chunks of one type in a PNG. */
function* chunksOf(/** @type {Buffer} */ png, /** @type {string} */ type) {
	for (let at = 8; at + 12 <= png.length; at += 12 + png.readUInt32BE(at))
		if (png.toString('latin1', at + 4, at + 8) === type) yield png.subarray(at + 8, at + 8 + png.readUInt32BE(at));
}

/** The orientation of an animation, which is not applied here, as EXIF: a TIFF structure with one entry. */
const exif = isPages
	? []
	: [chunk('eXIf', Buffer.from('MM\0*', 'latin1'), u32(8, 0x0001_0112, 0x0003_0000, 0x0001_0000 + orientation, 0, 0))];

const written = await open(out, 'wx');
const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
let count = 0;
let sequence = 0;
/** Offset of the chunk with the number of frames: after the signature and IHDR. */
const countAt = signature.length + 25;
try {
	for await (const { number, pixels } of pictures()) {
		const png = await sharp(pixels, { raw: { ...size, channels } })
			.png({ compressionLevel: 1, palette: false })
			.toBuffer();
		const [header] = chunksOf(png, 'IHDR');
		if (count === 0 && header)
			await written.write(Buffer.concat([signature, chunk('IHDR', header), chunk('acTL', u32(1, 0)), ...exif]));
		let shownMs = 0;
		for (let i = number; i < Math.min(pages, number + step); i++) shownMs += durationOf(i);
		const time = Buffer.alloc(6);
		time.writeUInt16BE(Math.min(65_535, shownMs));
		time.writeUInt16BE(1000, 2);
		await written.write(chunk('fcTL', u32(sequence++, size.width, size.height, 0, 0), time));
		for (const data of chunksOf(png, 'IDAT'))
			await written.write(count === 0 ? chunk('IDAT', data) : chunk('fdAT', u32(sequence++), data));
		count++;
	}
} catch (error) {
	// keep the pictures before the damage
	if (count === 0) throw error;
}
await written.write(chunk('IEND'));
await written.write(chunk('acTL', u32(count, 0)), 0, undefined, countAt);
await written.close();
process.stdout.write(`${count} ${isPages ? pages : listed}\n`);
