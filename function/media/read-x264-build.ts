import { runProcess } from '../process/run-process.ts';
import { inputArgs } from './ffmpeg-input.ts';
import type { VideoStream } from './probe.ts';
import type { Source } from './source.ts';

/**
 * The x264 build that wrote an H.264 stream; null when it is another codec or encoder. x264 below build 151 coded 4:4:4 wrongly,
 * and ffmpeg's decoder makes up for that once it has seen the build's number, which stands in the first frame only: after a
 * seek the same file decodes to garbage unless it is told (FaceForensics++ c23 files are such).
 */
export async function readX264Build(
	{ path, demuxer, tools, signal }: Source,
	stream: VideoStream,
): Promise<number | null> {
	if (stream.codec !== 'h264') return null;
	const args = ['-hide_banner', '-nostdin', '-v', 'error', ...inputArgs(path, demuxer)];
	args.push('-map', `0:${stream.index}`, '-c', 'copy', '-frames:v', '1', '-f', 'data', 'pipe:1');
	const { stdout } = await runProcess(tools.ffmpeg, args, { signal });
	const build = /x264 - core (\d+)/.exec(stdout)?.[1];
	return build ? Number(build) : null;
}
