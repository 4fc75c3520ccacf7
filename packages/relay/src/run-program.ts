import { spawn, type ChildProcess } from 'node:child_process'
import { constants } from 'node:os'
import { syncJournals } from '@soen/mlflow-client/delivery'
import type { Receipt } from '@soen/mlflow-client'
import type { RunStatus } from '@soen/mlflow-client/rest'
import type { RemoteSettings } from '@soen/mlflow-client/settings'
import { childEnvironment } from './child-environment.ts'
import { ConsoleLog, type Shown } from './console-log.ts'
import { jobTags } from './job-tags.ts'
import { startRelay, type Relay } from './relay.ts'

/** Where what a program wrote to its terminal is among the artifacts of its run. */
const CONSOLE_FILE = 'logs/console.log'
/** How soon it is kept there, and then at most how often. */
const CONSOLE_EVERY_MS = 30_000
/** A log that is sent again and again as it grows is sent less often the longer it is. */
const CONSOLE_MS_PER_BYTE = 0.01

/** By which a program is asked to end. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const
/** As shells tell that a program was ended by a signal. */
const SIGNAL_EXIT_CODE = 128

/** A program that is to be run, and where what it logs goes. */
export interface ProgramOptions {
  readonly command: readonly [program: string, ...args: readonly string[]]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly settings: RemoteSettings
  /** Whose name MLflow's client writes into the runs. */
  readonly username: string
  /** The name of the job's run, whatever the program calls it. */
  readonly name?: string | undefined
  readonly tags?: Readonly<Record<string, string>> | undefined
  /** Deliver nothing. */
  readonly isOffline?: boolean
  /** How long to deliver after the program has ended, in ms. */
  readonly drainMs: number
  /** Where what it writes is shown; without it the program has the terminal for itself, and nothing of it is kept. */
  readonly shown?: Shown | undefined
  readonly onWarn: (warning: Error) => void
}

/** What became of a program and of what it logged. */
export interface ProgramEnd {
  /** The program's own; 128 and the signal's number where one ended it. */
  readonly exitCode: number
  readonly receipt: Receipt
  /** The job's run: its name, and what the server calls it if it is there. */
  readonly run: { readonly name: string; readonly id: string | undefined; readonly experimentId: string }
}

/** A program that could not be started. */
export class NotStarted extends Error {
  override readonly name = 'NotStarted'
  /** As shells answer it: 127 where there is no such program, 126 where it is none. */
  readonly exitCode: number

  constructor(program: string, cause: NodeJS.ErrnoException) {
    super(
      `${program} can't be started: ${cause.code === 'ENOENT' ? 'there is no such program' : cause.message}`,
      {
        cause,
      },
    )
    this.exitCode = cause.code === 'ENOENT' ? 127 : 126
  }
}

/**
 * Run a program to its end with the relay in the server's place.
 *
 * The program's first run is the job's: it gets what is known of the job, what was written to the terminal, and, if the
 * program leaves it open, its end. A program that logs nothing gets a run all the same.
 *
 * @throws NotStarted
 */
export async function runProgram(options: ProgramOptions): Promise<ProgramEnd> {
  const { command, env, settings, drainMs, isOffline = false, onWarn } = options
  await using relay = await startRelay({
    settings,
    username: options.username,
    isOffline,
    onWarn,
    job: { name: options.name, tags: { ...jobTags(command, env), ...options.tags } },
  })
  using end = new DisposableStack()
  const leaving = new AbortController()
  end.defer(() => leaving.abort())
  // What former programs left goes out beside this one's.
  if (!isOffline) void syncJournals({ settings, signal: leaving.signal }).catch(onWarn)
  const log = options.shown === undefined ? undefined : end.use(new ConsoleLog(options.shown))
  const keeping = log && end.adopt(keepConsole(log, relay), clearInterval)
  const experiment = settings.experimentId === undefined ? settings.experiment : undefined
  const ended = await untilItEnds(command, childEnvironment(env, relay, { experiment }), log?.descriptors)
  clearInterval(keeping)
  log?.look()
  const run = await relay.jobRun()
  run.logBatch({ metrics: [], params: [], tags: [{ key: 'soen.exit_code', value: String(ended.exitCode) }] })
  if (log !== undefined && log.bytes > 0) await run.takeFile(CONSOLE_FILE, log.text())
  for (const open of relay.runs.all.filter(({ isLeftOpen }) => isLeftOpen)) open.end(ended.status)
  const receipt = await relay.flush(isOffline ? 0 : drainMs)
  const { experiment_id: experimentId } = run.view.toWire().info
  return { exitCode: ended.exitCode, receipt, run: { name: run.view.name, id: run.serverId, experimentId } }
}

interface Ended {
  readonly exitCode: number
  readonly status: RunStatus
}

/** Start a program and wait for it; what asks us to end asks the program. */
async function untilItEnds(
  [program, ...args]: ProgramOptions['command'],
  env: Record<string, string>,
  descriptors: ConsoleLog['descriptors'] | undefined,
): Promise<Ended> {
  const output: readonly (number | 'inherit')[] = descriptors ?? ['inherit', 'inherit']
  const child: ChildProcess = spawn(program, args, { env, stdio: ['inherit', ...output] })
  const passed = SIGNALS.map((signal) => [signal, (): void => pass(child, signal)] as const)
  for (const [signal, listener] of passed) process.on(signal, listener)
  try {
    return await new Promise<Ended>((resolve, reject) => {
      child.once('error', (error) => reject(new NotStarted(program, error)))
      child.once('exit', (code, signal) => {
        if (signal !== null)
          resolve({ exitCode: SIGNAL_EXIT_CODE + constants.signals[signal], status: 'KILLED' })
        else resolve({ exitCode: code ?? 1, status: statusOf(code ?? 1) })
      })
    })
  } finally {
    for (const [signal, listener] of passed) process.off(signal, listener)
  }
}

function statusOf(exitCode: number): RunStatus {
  if (exitCode === 0) return 'FINISHED'
  return exitCode > SIGNAL_EXIT_CODE ? 'KILLED' : 'FAILED'
}

/** From a terminal, Ctrl-C reaches the program by itself: a second one would cut off what it does at its end. */
function pass(child: ChildProcess, signal: NodeJS.Signals): void {
  if (process.stdin.isTTY && (signal === 'SIGINT' || signal === 'SIGQUIT')) return
  child.kill(signal)
}

/** Have what was written to the terminal among the artifacts while the program runs. */
function keepConsole(log: ConsoleLog, relay: Relay): NodeJS.Timeout {
  let keptBytes = 0
  let keptAt = performance.now()
  return setInterval(() => {
    const run = relay.runs.ofJob
    const pauseMs = Math.max(CONSOLE_EVERY_MS, log.bytes * CONSOLE_MS_PER_BYTE)
    if (run === undefined || log.bytes === keptBytes || performance.now() - keptAt < pauseMs) return
    keptBytes = log.bytes
    keptAt = performance.now()
    // A disk that is full now may have room at the end.
    void run.takeFile(CONSOLE_FILE, log.text()).catch(() => {})
  }, 1000)
}
