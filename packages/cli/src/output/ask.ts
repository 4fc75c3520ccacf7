import { createInterface } from 'node:readline/promises'
import { text } from 'node:stream/consumers'
import { Writable } from 'node:stream'
import { CliError } from '../errors.ts'

/** What can be asked of the person at the terminal. Questions go to stderr, so that a result can be piped. */
export interface Asker {
  line(question: string): Promise<string>
  /** Shows nothing of what is typed. */
  hidden(question: string): Promise<string>
  /** True after `y` or `yes`. */
  confirm(question: string): Promise<boolean>
}

/** The streams; parameters so that tests can be a person. */
export interface AskerOptions {
  readonly stdin?: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly stderr?: NodeJS.WritableStream & { readonly isTTY?: boolean }
  /** What to do where nobody can answer. */
  readonly otherwise: string
}

/** Asks on this terminal; where there is none every question is an error. */
export function createAsker({
  stdin = process.stdin,
  stderr = process.stderr,
  otherwise,
}: AskerOptions): Asker {
  async function ask(question: string, output: NodeJS.WritableStream): Promise<string> {
    if (!stdin.isTTY || !stderr.isTTY) {
      throw new CliError(`Nobody can be asked here: ${question}`, {
        code: 'SOEN_NO_TERMINAL',
        hint: otherwise,
      })
    }
    using prompt = createInterface({ input: stdin, output, terminal: true })
    const left = new AbortController()
    prompt.once('SIGINT', () => left.abort())
    prompt.once('close', () => left.abort())
    stderr.write(`${question} `)
    try {
      return await prompt.question('', { signal: left.signal })
    } catch (cause) {
      stderr.write('\n')
      throw new CliError('Nothing was changed.', {
        code: 'SOEN_CANCELLED',
        hint: 'Run it again when you are ready.',
        cause,
      })
    }
  }

  return {
    line: (question) => ask(question, stderr),
    async hidden(question) {
      const answer = await ask(question, new Writable({ write: (_chunk, _encoding, done) => done() }))
      stderr.write('\n')
      return answer
    },
    confirm: async (question) => /^y(?:es)?$/i.test((await ask(`${question} (y/N)`, stderr)).trim()),
  }
}

/** The first line of stdin: the way of a secret that no process list shows. */
export async function readSecretLine(stdin: NodeJS.ReadableStream = process.stdin): Promise<string> {
  const [line = ''] = (await text(stdin)).split(/\r?\n/)
  if (line !== '') return line
  throw new CliError('Stdin is empty, and the secret was to come from there.', {
    code: 'SOEN_SECRET_MISSING',
    hint: 'Pipe it: printf "%s\\n" "$PASSWORD" | soen …',
  })
}
