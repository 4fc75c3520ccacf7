import { styleText } from 'node:util'
import { Cancelled, explain } from '../errors.ts'
import { cloneNote, namesVerb } from './clone-note.ts'
import { docsAddress } from './docs-address.ts'
import { visibleText } from './visible-text.ts'

/** Where a verb writes: the result to stdout, everything else to stderr. */
export interface Terminal {
  /** A line of the result. */
  result(line: string): void
  /** The whole result as JSON. */
  json(value: unknown): void
  /** A note for the user. */
  note(line: string): void
  warn(line: string): void
  error(error: unknown): void
  /**
   * Runs a long step and shows its name, how long it takes and whether it succeeded, as `isGood` judges its result.
   */
  step<T>(what: string, work: () => Promise<T>, isGood?: (value: T) => boolean): Promise<T>
}

/** The terminal's streams; parameters, so that tests can read them. */
export interface TerminalOptions {
  readonly stdout?: Pick<NodeJS.WriteStream, 'write'>
  readonly stderr?: Pick<NodeJS.WriteStream, 'write' | 'isTTY'> & { readonly columns?: number }
  readonly isJson?: boolean
  readonly isDebug?: boolean
  /** How to call `soen` where it is not on the PATH. */
  readonly inClone?: string | undefined
}

/** Writes text for people or, with `isJson`, a single JSON value for programs. */
export function createTerminal(options: TerminalOptions = {}): Terminal {
  const { stdout = process.stdout, stderr = process.stderr, isJson = false } = options
  const { isDebug = Boolean(process.env['SOEN_DEBUG']), inClone = cloneNote() } = options
  let isCloneTold = inClone === undefined
  const isColoured = stderr.isTTY && !process.env['NO_COLOR']
  const paint = (colour: 'red' | 'yellow' | 'green' | 'cyan' | 'dim', words: string): string =>
    isColoured ? styleText(colour, visibleText(words), { validateStream: false }) : visibleText(words)
  const say = (line: string): void => void stderr.write(`${line}\n`)
  const note = (line: string, mark = ''): void => {
    say(`${mark}${visibleText(line)}`)
    if (isCloneTold || !namesVerb(line)) return
    isCloneTold = true
    say(paint('dim', `  ${inClone}`))
  }

  return {
    result: (line) => void stdout.write(`${visibleText(line)}\n`),
    json: (value) => void stdout.write(`${visibleText(JSON.stringify(value))}\n`),
    note: (line) => note(line),
    warn: (line) => note(line, `${paint('yellow', '!')} `),
    error(error) {
      const { code, message, hint, docs, causes } = explain(error)
      if (isJson)
        stdout.write(`${visibleText(JSON.stringify({ error: { code, message, hint, docs, causes } }))}\n`)
      if (error instanceof Cancelled) return say(visibleText(message))
      say(`${paint('red', '✗')} ${visibleText(message)} ${paint('dim', `(${code})`)}`)
      for (const cause of causes) say(paint('dim', indent(cause)))
      if (hint !== undefined) note(`  → ${hint}`)
      if (docs !== undefined) say(paint('dim', `  More: ${docsAddress(docs)}`))
      if (isDebug && error instanceof Error) say(paint('dim', error.stack ?? ''))
    },
    async step(what, work, isGood = () => true) {
      // A line that wraps could not be overwritten.
      const told = visibleText(what)
      const shown = stderr.columns ? told.slice(0, Math.max(stderr.columns - 12, 10)) : told
      const startedAt = performance.now()
      const seconds = (): string => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`
      const show = (mark: string, end: string): void =>
        void stderr.write(`${mark} ${shown} ${paint('dim', seconds())}${end}`)
      // A terminal shows the seconds passing; a log file gets one line at the start and one at the end.
      const timer = stderr.isTTY ? setInterval(show, 200, paint('cyan', '…'), '\r') : undefined
      if (!stderr.isTTY) say(`… ${told}`)
      try {
        const value = await work()
        show(isGood(value) ? paint('green', '✓') : paint('yellow', '!'), '\n')
        return value
      } catch (error) {
        show(paint('red', '✗'), '\n')
        throw error
      } finally {
        clearInterval(timer)
      }
    },
  }
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '    ')
}
