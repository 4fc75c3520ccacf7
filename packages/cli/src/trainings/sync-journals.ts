import {
  findFormerAddresses,
  listJournals,
  syncJournals,
  type SyncedRun,
  type WaitingRun,
} from '@soen/mlflow-client/delivery'
import { loadConfig, resolveSettings, type ServerSettings } from '@soen/mlflow-client/settings'
import { CliError } from '../errors.ts'
import { createAsker, type Asker } from '../output/ask.ts'
import { counted } from '../output/counted.ts'
import type { Terminal } from '../output/terminal.ts'

/** The options of `soen sync`. */
export interface SyncOptions {
  readonly config?: string
  readonly spool?: string
  readonly to?: string
  readonly timeout: number
  readonly dryRun?: boolean
  readonly json?: boolean
}

/** Delivers what remains in the journals of programs that ended or were killed. */
export async function deliverJournals(
  options: SyncOptions,
  terminal: Terminal,
  asker: Pick<Asker, 'confirm'> | undefined = process.stdin.isTTY && !options.json
    ? createAsker({ otherwise: 'Say where to: soen sync --to ADDRESS.' })
    : undefined,
): Promise<void> {
  const settings = await serverSettings(options)
  const spoolDir = options.spool ?? settings.spoolDir
  const waiting = listJournals(spoolDir)
  if (options.dryRun) return show(waiting.map(describeWaiting), waiting, options, terminal)

  if (waiting.length === 0) return show([], [], options, terminal)
  const former = await formerAddresses(waiting, { ...options, settings, spoolDir }, terminal, asker)
  const isHere = (trackingUri: string): boolean =>
    trackingUri === settings.trackingUri || former.includes(trackingUri)
  const here = waiting.filter(({ trackingUri }) => isHere(trackingUri)).length
  const runs = await terminal.step(
    `Delivering ${counted(here, 'run')} to ${settings.trackingUri}`,
    () => syncJournals({ settings, spoolDir, hasMovedFrom: isHere, timeoutMs: options.timeout * 1000 }),
    (synced) => synced.every(({ outcome }) => outcome === 'delivered'),
  )
  show(runs.map(describeSynced), runs, options, terminal)
  if (runs.some(({ outcome }) => outcome === 'left' || outcome === 'elsewhere')) process.exitCode = 1
}

/**
 * Earlier addresses of the server: with `--to` every address that runs wait for, else those that the server
 * recognises, once the user confirms.
 */
async function formerAddresses(
  waiting: readonly WaitingRun[],
  { to, settings, spoolDir }: SyncOptions & { readonly settings: ServerSettings; readonly spoolDir: string },
  terminal: Terminal,
  asker: Pick<Asker, 'confirm'> | undefined,
): Promise<readonly string[]> {
  const here = settings.trackingUri
  const others = waiting.filter(({ trackingUri, isBusy }) => trackingUri !== here && !isBusy)
  const addresses = [...new Set(others.map(({ trackingUri }) => trackingUri))]
  if (to !== undefined || addresses.length === 0) return addresses
  // If the server does not answer, the delivery will report it.
  const known = await findFormerAddresses({ settings, spoolDir }).catch(() => [])
  for (const address of known)
    terminal.warn(`The server at ${here} knows runs that wait for ${address}: it has moved.`)
  if (known.length > 0 && (await asker?.confirm('Deliver them here?')) === true) return known
  terminal.note(
    `What waits for ${addresses.join(', ')} stays. If that server has moved here: soen sync --to ${here}`,
  )
  return []
}

function show(
  lines: readonly string[],
  runs: readonly unknown[],
  { json }: SyncOptions,
  terminal: Terminal,
): void {
  if (json) return terminal.json({ runs })
  for (const line of lines.length > 0 ? lines : ['Nothing waits.']) terminal.result(line)
}

/** The settings of the training: from its file if one is named, else from the environment. */
async function serverSettings({ config, spool, to }: SyncOptions): Promise<ServerSettings> {
  const configFile = config === undefined ? undefined : await loadConfig(config)
  const call = {
    ...(spool !== undefined && { spoolDir: spool }),
    ...(to !== undefined && { trackingUri: to }),
  }
  const settings = resolveSettings({ call, env: process.env, configFile })
  if (settings.active && settings.target === 'server') return settings
  throw new CliError(
    settings.active ? 'A local store has nothing to deliver.' : `Logging is off: ${settings.reason}.`,
    {
      code: 'SOEN_NO_SERVER',
      hint: "Name the training's file (soen sync --config train.yaml), or set MLFLOW_TRACKING_URI and the password.",
    },
  )
}

function describeWaiting({ name, experiment, waiting, trackingUri, isBusy }: WaitingRun): string {
  const what = `${counted(waiting, 'item')} for ${trackingUri}`
  return `${name} (${experiment}): ${what}${isBusy ? ', a program works on it' : ''}`
}

function describeSynced({ name, experiment, trackingUri, outcome, receipt, runId }: SyncedRun): string {
  const outcomes: Readonly<Record<SyncedRun['outcome'], string>> = {
    delivered: `delivered, ${counted(receipt?.delivered ?? 0, 'item')}, run ${runId ?? ''}`,
    left: `not wholly delivered: ${receipt?.warnings.at(-1) ?? 'the server is away'}`,
    busy: 'a program works on it, or may do so on another host, and delivers it',
    elsewhere: `waits for ${trackingUri}`,
  }
  return `${name} (${experiment}): ${outcomes[outcome]}`
}
