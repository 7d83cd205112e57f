import { runProcess } from '../process/run-process.ts';
import { inputArgs } from './ffmpeg-input.ts';
import type { VideoStream } from './probe.ts';
import type { Source } from './source.ts';

/**
 * The x264 build that wrote an H.264 stream; null for another codec or encoder. x264 before build 151 encoded 4:4:4 wrongly.
 * ffmpeg's decoder compensates for it if it knows the build number, which only the first frame contains: after a seek, such a
 * file (FaceForensics++ c23, for example) decodes to garbage unless the build is passed as an option.
 */
export async function readX264Build(source: Source, stream: VideoStream): Promise<number | null> {
	const { tools, signal } = source;
	if (stream.codec !== 'h264') return null;
	const args = ['-hide_banner', '-nostdin', '-v', 'error', ...inputArgs(source)];
	args.push('-map', `0:${stream.index}`, '-c', 'copy', '-frames:v', '1', '-f', 'data', 'pipe:1');
	const { stdout } = await runProcess(tools.ffmpeg, args, { signal });
	const build = /x264 - core (\d+)/.exec(stdout)?.[1];
	return build ? Number(build) : null;
}
