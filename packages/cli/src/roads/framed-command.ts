import { randomUUID } from 'node:crypto'
import { Transform } from 'node:stream'
import { shellQuote } from '../output/shell-quote.ts'

/** A command for a machine whose login shell, and whatever that prints at its start, are not known. */
export interface FramedCommand {
  /** What the login shell is given: nothing that bash, tcsh and fish read in different ways. */
  readonly line: string
  /** What has to stand at the beginning of its input. */
  readonly firstInput: string
  /** Stands on a line by itself before the command's own words, on both of its outputs; drawn anew for each. */
  readonly mark: string
}

/**
 * Hands a line of POSIX shell to `/bin/sh` by its input, in the C locale: programs say there what we can read.
 *
 * No start-up file of the account can print the mark by chance or by intent, since it is drawn here.
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

/** Lets pass what comes after the mark. Where it never came, what there was instead tells why. */
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
