import { open, stat, type FileHandle } from 'node:fs/promises'
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CliError } from '../errors.ts'
import type { Terminal } from '../output/terminal.ts'
import { findHome } from './home.ts'
import { logNames, logPath, type LogName } from './log-files.ts'

/** The options of `soen logs`. */
export interface LogsOptions {
  readonly home?: string
  readonly json?: boolean
  /** A systemd unit of the server. */
  readonly unit?: string
  readonly lines: number
  readonly follow?: boolean
}

const chunkBytes = 64 * 1024

/** Shows the last lines of one program's log or of all, and with `follow` new ones as they come. */
export async function showLogs(
  name: LogName | 'caddy' | undefined,
  options: LogsOptions,
  terminal: Terminal,
): Promise<void> {
  if (name === 'caddy' || options.unit !== undefined) throw noServer()
  const home = findHome({ chosen: options.home })
  const chosen = name === undefined ? logNames : [name]
  const files = await Promise.all(chosen.map((it) => tail(logPath(home, it), options.lines)))
  const found = files.filter((file) => file !== undefined)
  if (found.length === 0) {
    throw new CliError(`There is no log in ${home.logs}.`, {
      code: 'SOEN_NO_LOGS',
      hint: 'Start the platform: soen up',
    })
  }
  const print = (path: string, line: string): void => {
    const program = basename(path, '.log')
    if (options.json) terminal.json({ program, line })
    else terminal.result(chosen.length > 1 ? `${program} | ${line}` : line)
  }
  for (const { path, lines } of found) for (const line of lines) print(path, line)
  if (options.follow) await Promise.all(found.map(({ path, sizeBytes }) => follow(path, sizeBytes, print)))
}

function noServer(): CliError {
  return new CliError('The local platform has no such program.', {
    code: 'SOEN_NO_LOGS',
    hint: 'Name the server that is meant: --settings FILE --target NAME.',
  })
}

interface Tail {
  readonly path: string
  readonly lines: readonly string[]
  readonly sizeBytes: number
}

/** The last lines of a file, read from its end; undefined where there is no file. */
export async function tail(path: string, count: number): Promise<Tail | undefined> {
  let file: FileHandle
  try {
    file = await open(path)
  } catch {
    return undefined
  }
  await using _file = file
  const { size: sizeBytes } = await file.stat()
  let text = Buffer.alloc(0)
  for (let end = sizeBytes; end > 0 && newlines(text) <= count; end -= chunkBytes) {
    const start = Math.max(0, end - chunkBytes)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start)
    text = Buffer.concat([buffer.subarray(0, bytesRead), text])
  }
  const lines = text.toString().replace(/\n$/, '').split('\n')
  return { path, sizeBytes, lines: sizeBytes === 0 || count === 0 ? [] : lines.slice(-count) }
}

function newlines(text: Buffer): number {
  return text.reduce((sum, byte) => sum + (byte === 10 ? 1 : 0), 0)
}

/** Prints whole lines as they are written, also after the log was rotated. */
async function follow(
  path: string,
  from: number,
  print: (path: string, line: string) => void,
): Promise<never> {
  let position = from
  let rest = ''
  for (; ; await sleep(250)) {
    const { size } = await stat(path).catch(() => ({ size: position }))
    if (size < position) position = 0
    if (size === position) continue
    await using file = await open(path)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - position), 0, size - position, position)
    position += bytesRead
    const lines = (rest + buffer.subarray(0, bytesRead).toString()).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) print(path, line)
  }
}
