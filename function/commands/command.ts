/** What a command gets besides its arguments. */
export type Io = {
	readonly stdout: NodeJS.WritableStream;
	readonly stderr: NodeJS.WritableStream & { isTTY?: boolean; columns?: number };
	readonly signal: AbortSignal;
};

/** A command: prints its result to stdout, all else to stderr, and gives the exit status. */
export type Command = (args: string[], io: Io) => Promise<number>;
