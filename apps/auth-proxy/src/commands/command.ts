import type { Readable, Writable } from 'node:stream'

/** The standard streams and environment of a command, so that tests can pass their own. */
export interface Terminal {
  readonly stdin: Readable
  readonly stdout: Writable
  readonly stderr: Writable
}

/** A command of the program. Resolves to the exit code; throws errors that `describeFailure` can word. */
export type Command = (args: readonly string[], terminal: Terminal) => Promise<number>
