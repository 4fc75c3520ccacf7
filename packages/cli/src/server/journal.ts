import { createInterface } from 'node:readline'
import { units } from '@soen/host'
import { CliError } from '../errors.ts'
import type { Terminal } from '../output/terminal.ts'
import type { Server } from '../roads/find-place.ts'
import type { ServerOptions } from './server-options.ts'

/** How the logs of a server are shown. */
export interface JournalOptions extends ServerOptions {
  /** A unit, or the short name of one of ours. */
  readonly unit?: string | undefined
  readonly lines: number
  readonly follow?: boolean
}

const shortNames: Readonly<Record<string, string>> = {
  mlflow: units.mlflow,
  'auth-proxy': units.authProxy,
  caddy: units.caddy,
}

/**
 * Shows the last lines of the server's programs from the machine's journal, and with `follow` new ones as they come.
 */
export async function showJournal(
  server: Server,
  options: JournalOptions,
  terminal: Terminal,
): Promise<void> {
  await using road = await server.open(options, terminal)
  const chosen =
    options.unit === undefined ? Object.values(units) : [shortNames[options.unit] ?? options.unit]
  const words = [
    'journalctl',
    '--no-pager',
    '--quiet',
    '--output=json',
    `--lines=${options.lines}`,
    ...chosen.map((unit) => `--unit=${unit}`),
    ...(options.follow ? ['--follow'] : []),
  ]
  const journal = road.start(words)
  journal.stdin.end()
  let count = 0
  for await (const line of createInterface({ input: journal.stdout })) {
    count += 1
    const entry = readEntry(line)
    if (options.json) terminal.json(entry)
    else
      terminal.result(
        chosen.length > 1 ? `${entry.at} ${entry.unit} | ${entry.line}` : `${entry.at} ${entry.line}`,
      )
  }
  if (count === 0) throw noLogs(chosen)
}

function readEntry(text: string): { readonly at: string; readonly unit: string; readonly line: string } {
  const { MESSAGE, _SYSTEMD_UNIT: unit, UNIT, __REALTIME_TIMESTAMP: microseconds } = Object(JSON.parse(text))
  // journald gives text that is not plain as an array of bytes.
  const line = Array.isArray(MESSAGE) ? Buffer.from(MESSAGE).toString() : String(MESSAGE)
  return {
    at: new Date(Number(microseconds) / 1000).toISOString().replace(/\.\d+/, ''),
    unit: String(UNIT ?? unit),
    line,
  }
}

function noLogs(chosen: readonly string[]): CliError {
  return new CliError(`The machine's journal has nothing of ${chosen.join(', ')}.`, {
    code: 'SOEN_NO_LOGS',
    hint: 'See which units there are: soen ssh -- systemctl list-units',
  })
}
