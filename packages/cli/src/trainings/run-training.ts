import { loadSettings, type RemoteSettings } from '@soen/mlflow-client/settings'
import { NotStarted, runProgram, type ProgramEnd } from '@soen/relay'
import { CliError } from '../errors.ts'
import { counted } from '../output/counted.ts'
import type { Terminal } from '../output/terminal.ts'
import { systemUser } from '../system-user.ts'

/** The options of `soen run`. */
export interface RunOptions {
  readonly config?: string
  readonly experiment?: string
  readonly name?: string
  readonly tag?: Readonly<Record<string, string>>
  readonly offline?: boolean
  readonly drain: number
  readonly console: boolean
  readonly json?: boolean
}

/** Runs a program that logs through the journal, and ends as it ends. */
export async function runTraining(
  [program = '', ...args]: readonly string[],
  options: RunOptions,
  terminal: Terminal,
): Promise<void> {
  const settings = await settingsOf(options)
  const told = new Set<string>()
  try {
    const end = await runProgram({
      command: [program, ...args],
      env: process.env,
      settings,
      username: userOf(settings),
      name: options.name,
      tags: options.tag,
      isOffline: options.offline ?? false,
      drainMs: options.drain * 1000,
      // The result for a program is alone on stdout.
      ...(options.console && { shown: options.json ? { ...process, stdout: process.stderr } : process }),
      onWarn: ({ message }) => {
        // A server that is away is away for each of a sweep's runs.
        if (!told.has(message)) terminal.warn(message)
        told.add(message)
      },
    })
    if (options.json) terminal.json({ ...end, url: urlOf(settings, end) ?? null })
    else tell(end, settings, terminal)
    process.exitCode = end.exitCode
  } catch (error) {
    if (!(error instanceof NotStarted)) throw error
    terminal.error(
      new CliError(error.message, {
        code: 'SOEN_PROGRAM_NOT_STARTED',
        hint: 'Write the program as you would without soen: soen run -- python train.py',
        cause: error.cause,
      }),
    )
    process.exitCode = error.exitCode
  }
}

function tell(end: ProgramEnd, settings: RemoteSettings, terminal: Terminal): void {
  const { delivered, spooled, dropped } = end.receipt
  const waits = spooled > 0 ? `, ${counted(spooled, 'item')} wait in ${settings.spoolDir}: soen sync` : ''
  const lost = dropped > 0 ? `, ${counted(dropped, 'item')} refused by the server` : ''
  const said = `${end.run.name}: ${counted(delivered, 'item')} delivered${waits}${lost}`
  if (waits === '' && lost === '') terminal.note(`✓ ${said}`)
  else terminal.warn(said)
  const url = urlOf(settings, end)
  if (url !== undefined) terminal.note(`  ${url}`)
}

function urlOf({ target, trackingUri }: RemoteSettings, { run }: ProgramEnd): string | undefined {
  if (run.id === undefined || target === 'file') return undefined
  return `${trackingUri}/#/experiments/${run.experimentId}/runs/${run.id}`
}

async function settingsOf({ config, experiment }: RunOptions): Promise<RemoteSettings> {
  const settings = await loadSettings({ config, env: process.env, call: { experiment } })
  if (settings.active) return settings
  throw new CliError(`There is nowhere to log to: ${settings.reason}.`, {
    code: 'SOEN_NO_SERVER',
    hint: 'Name a file with a logging block (soen run --config team.yaml -- …), or set MLFLOW_TRACKING_URI and the password.',
  })
}

/** As MLflow's own client would say it, but for a password that is everybody's. */
function userOf({ identity, credentials }: RemoteSettings): string {
  if (identity.member !== undefined) return identity.member
  if (credentials?.kind === 'basic' && credentials.username !== '') return credentials.username
  return systemUser()
}
