import { createInterface } from 'node:readline/promises'
import { text } from 'node:stream/consumers'
import { Writable } from 'node:stream'
import { Cancelled, CliError } from '../errors.ts'

/** Asks the user at the terminal. Questions go to stderr, so that the result can be piped. */
export interface Asker {
  line(question: string): Promise<string>
  /** Hides what is typed. */
  hidden(question: string): Promise<string>
  /** True after `y` or `yes`. */
  confirm(question: string): Promise<boolean>
}

/** The streams; parameters, so that tests can play the user. */
export interface AskerOptions {
  readonly stdin?: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly stderr?: NodeJS.WritableStream & { readonly isTTY?: boolean }
  /** The hint where there is no terminal to ask at. */
  readonly otherwise: string
}

/** Asks on this terminal; without one every question throws. */
export function createAsker({
  stdin = process.stdin,
  stderr = process.stderr,
  otherwise,
}: AskerOptions): Asker {
  async function ask(question: string, { isHidden = false } = {}): Promise<string> {
    if (!stdin.isTTY || !stderr.isTTY) {
      throw new CliError(`Nobody can be asked here: ${question}`, {
        code: 'SOEN_NO_TERMINAL',
        hint: otherwise,
      })
    }
    const shown = isHidden ? new Writable({ write: (_chunk, _encoding, done) => done() }) : stderr
    using prompt = createInterface({ input: stdin, output: shown, terminal: true })
    const left = new AbortController()
    prompt.once('SIGINT', () => left.abort())
    prompt.once('close', () => left.abort())
    if (isHidden) stderr.write(`${question} `)
    try {
      // Passed as the prompt itself, because readline clears whatever else is on its line.
      return await prompt.question(`${question} `, { signal: left.signal })
    } catch (cause) {
      // A visible prompt ends its own line.
      if (isHidden) stderr.write('\n')
      throw new Cancelled(cause)
    }
  }

  return {
    line: (question) => ask(question),
    async hidden(question) {
      const answer = await ask(question, { isHidden: true })
      stderr.write('\n')
      return answer
    },
    confirm: async (question) => /^y(?:es)?$/i.test((await ask(`${question} (y/N)`)).trim()),
  }
}

/** The first line of stdin, for secrets that must not show in a process list. */
export async function readSecretLine(stdin: NodeJS.ReadableStream = process.stdin): Promise<string> {
  const [line = ''] = (await text(stdin)).split(/\r?\n/)
  if (line !== '') return line
  throw new CliError('Stdin is empty, and the secret was to come from there.', {
    code: 'SOEN_SECRET_MISSING',
    hint: 'Pipe it: printf "%s\\n" "$PASSWORD" | soen …',
  })
}
