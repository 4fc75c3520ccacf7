import { randomUUID } from 'node:crypto'
import { Transform } from 'node:stream'
import { shellQuote } from '../output/shell-quote.ts'

/** A command for a machine with an unknown login shell, which may print anything at its start. */
export interface FramedCommand {
  /** The command line for the login shell: nothing that bash, tcsh and fish interpret differently. */
  readonly line: string
  /** What must be written to its stdin first. */
  readonly firstInput: string
  /** Printed on a line by itself before the command's own output, on stdout and stderr; random for each command. */
  readonly mark: string
}

/**
 * Passes a line of POSIX shell to `/bin/sh` by stdin, in the C locale, so that we can parse messages.
 *
 * No start-up file can print the mark, by accident or on purpose, since it is generated here.
 */
export function frameCommand(command: string, mark: string = randomUUID()): FramedCommand {
  const escaped = command.replaceAll('\\', '\\\\').replaceAll('\n', String.raw`\n`)
  const script = `eval "$(printf %b ${shellQuote([escaped])})"`
  return {
    line: `exec /bin/sh -c 'IFS= read -r soen && eval "$soen"'`,
    firstInput: `LC_ALL=C; export LC_ALL; echo ${mark}; echo ${mark} >&2; ${script}\n`,
    mark,
  }
}

/** Passes on what comes after the mark. Without a mark, the output so far may say why. */
export function afterMark(mark: string, otherwise: 'nothing' | 'all'): Transform {
  const end = Buffer.from(`${mark}\n`)
  let before: Buffer | undefined = Buffer.alloc(0)
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (before === undefined) return done(null, chunk)
      before = Buffer.concat([before, chunk])
      const at = before.indexOf(end)
      if (at < 0) return done()
      const rest = before.subarray(at + end.length)
      before = undefined
      done(null, rest)
    },
    flush(done) {
      if (before !== undefined && otherwise === 'all') this.push(before)
      done()
    },
  })
}
