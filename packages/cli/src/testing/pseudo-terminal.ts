import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { waitUntil } from '@soen/testbed'
import headless from '@xterm/headless'

const driver = fileURLToPath(new URL('pseudo-terminal.py', import.meta.url))
const main = fileURLToPath(new URL('../main.ts', import.meta.url))

/** What a user sees and does. */
export interface PseudoTerminal extends AsyncDisposable {
  /** The lines on the screen, without blank ones at its end. */
  screen(): string
  /** Whether anything on the screen has a colour. */
  isColoured(): boolean
  /** Resolves when these words are on the screen. */
  sees(words: string): Promise<void>
  /** Presses keys: `\r` is Enter, `\x03` is Ctrl-C. */
  type(keys: string): void
  /** The exit code, once the program has ended and all of its output is on the screen. */
  readonly ended: Promise<number | null>
}

/** How a program is started. */
export interface TerminalStart {
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
}

/** Starts `soen` in a real pseudo-terminal whose screen can be read. */
export function openTerminal(args: readonly string[], options: TerminalStart = {}): PseudoTerminal {
  return openTerminalOf([process.execPath, main, ...args], options)
}

/** Starts any program in one. */
export function openTerminalOf(
  [command = '', ...args]: readonly string[],
  { env = {}, cwd }: TerminalStart = {},
): PseudoTerminal {
  const screen = new headless.Terminal({ cols: 80, rows: 24, allowProposedApi: true })
  const child = spawn('python3', [driver, command, ...args], {
    env: { ...process.env, TERM: 'xterm', NO_COLOR: undefined, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
    ...(cwd !== undefined && { cwd }),
  })
  child.stdin.on('error', () => {})
  child.stdout.on('data', (bytes: Buffer) => screen.write(bytes))
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve))
  const ended = closed.then(
    (code) => new Promise<number | null>((shown) => screen.write('', () => shown(code))),
  )
  const lines = (): string => {
    const { active } = screen.buffer
    const rows = Array.from({ length: active.length }, (_, row) => active.getLine(row))
    // Lines longer than the screen's width continue in the next row.
    const text = rows.map(
      (row) => `${row?.isWrapped ? '' : '\n'}${row?.translateToString(!row.isWrapped) ?? ''}`,
    )
    return text.join('').replaceAll(/ +$/gm, '').trim()
  }
  const sees = async (words: string): Promise<void> => {
    let hasEnded = false
    void ended.then(() => (hasEnded = true))
    await waitUntil(() => hasEnded || lines().includes(words), { what: `«${words}» on the screen` })
    if (!lines().includes(words)) throw new Error(`it ended without «${words}»:\n${lines()}`)
  }
  const isColoured = (): boolean => {
    const { active } = screen.buffer
    const rows = Array.from({ length: active.length }, (_, row) => active.getLine(row))
    return rows.some((row) =>
      Array.from({ length: row?.length ?? 0 }, (_, column) => row?.getCell(column)).some(
        (it) => it && !it.isFgDefault(),
      ),
    )
  }
  return {
    screen: lines,
    isColoured,
    sees,
    type: (keys) => void child.stdin.write(keys),
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
      screen.dispose()
    },
  }
}
