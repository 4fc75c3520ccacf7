import type { Readable, Writable } from 'node:stream'

/** The outside world of a command, so that a test can be one. */
export interface Terminal {
  readonly stdin: Readable
  readonly stdout: Writable
  readonly stderr: Writable
}

/** One thing the program can do. Resolves to the exit code; throws what `describeFailure` puts into words. */
export type Command = (args: readonly string[], terminal: Terminal) => Promise<number>
