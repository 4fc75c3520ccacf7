import { once } from 'node:events'
import type { Step, SupervisionEvent } from '@soen/mlflow-server'
import { explain } from '../errors.ts'
import type { Terminal } from '../output/terminal.ts'
import { findLocal } from '../roads/find-place.ts'
import type { WhichTarget } from '../targets/find-target.ts'
import { openAccounts } from './accounts.ts'
import { addExampleMember, removeExampleMember } from './example-member.ts'
import { runExample, type ExampleOptions, type LoggedRun } from './example.ts'
import { findHome } from './home.ts'
import { planPlatform } from './platform-plan.ts'
import { startPlatform } from './platform.ts'
import { ensureAdmin, signInLine, type SignIn } from './sign-in.ts'

/** The options of `soen up`. */
export interface UpOptions extends WhichTarget {
  readonly home?: string
  /** Defaults to the port in soen.yaml. */
  readonly port?: number
  readonly postgres?: string
  readonly artifacts?: string
  readonly s3Endpoint?: string
  readonly migrateDatabase?: boolean
  readonly example?: string
  readonly resetAdminPassword?: boolean
  readonly dryRun?: boolean
  readonly json?: boolean
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Runs the local platform until Ctrl-C, `soen down` or the end of the terminal. */
export async function runPlatform(options: UpOptions, terminal: Terminal): Promise<void> {
  const home = findHome({ chosen: options.home })
  const place = await findLocal(options)
  if (place !== undefined) terminal.note(`Target ${place.name}: the platform on this computer`)
  const { port, storage } = planPlatform(home, options, process.env, place?.target)
  if (options.dryRun) return showPlan({ home: home.path, port, ...storage.shown }, options, terminal)

  const stopping = new AbortController()
  const untilStopped = once(stopping.signal, 'abort')
  let isUp = false
  /** A new password that was not shown yet: it is shown once, however this ends. */
  let untold: SignIn | undefined
  const tellPassword = (): void => {
    if (untold?.password) {
      if (options.json) terminal.note(signInLine(untold))
      else terminal.result(signInLine(untold))
    }
    untold = undefined
  }
  let prepared: Promise<unknown> = Promise.resolve()
  let isLeaving = false
  /** All programs end with this process, by their own watchdogs; the example's account has to be deleted here. */
  const leaveAtOnce = (): void => {
    tellPassword()
    if (isLeaving) process.exit(130)
    isLeaving = true
    const removed = prepared.then(() => removeExampleMember(home, openAccounts(home)))
    void removed.catch(() => {}).finally(() => process.exit(130))
  }
  const stop = (): void => (isUp ? stopping.abort() : leaveAtOnce())
  for (const signal of signals) process.on(signal, () => (stopping.signal.aborted ? leaveAtOnce() : stop()))

  const step: Step = (what, work) => terminal.step(what, work)
  await using platform = await startPlatform({
    home,
    storage,
    port,
    env: process.env,
    step,
    onStop: stop,
    onEvent: reporter(terminal),
    onNote: (note) => terminal.note(note),
    prepare: (accounts) => {
      const preparing = (async () => {
        untold = await ensureAdmin(accounts, options.resetAdminPassword ?? false)
        await removeExampleMember(home, accounts)
        const member = options.example === undefined ? undefined : await addExampleMember(home, accounts)
        return { signIn: untold, member }
      })()
      prepared = preparing.catch(() => {})
      return preparing
    },
  }).catch((error: unknown) => {
    tellPassword()
    throw error
  })
  isUp = true
  terminal.note(`The server answers at ${platform.url}; Ctrl-C stops everything.`)

  const { signIn, member } = platform.prepared
  const outcome =
    options.example === undefined || member === undefined
      ? undefined
      : await logExample({ program: options.example, member })
  untold = undefined
  if (options.json) terminal.json({ server: platform.url, signIn, logged: outcome?.logged ?? null })
  else terminal.result(closingLines({ url: platform.url, signIn, outcome }).join('\n'))
  await untilStopped
  terminal.note('Stopping …')

  async function logExample(from: Pick<ExampleOptions, 'program' | 'member'>): Promise<ExampleOutcome> {
    try {
      const onLine = (line: string): void => terminal.note(`  ${line}`)
      const run = await runExample({ ...from, home, url: platform.url, onLine, signal: stopping.signal })
      return {
        logged: { ...run, page: `${platform.url}/#/experiments/${run.experimentId}/runs/${run.runId}` },
      }
    } catch (error) {
      if (stopping.signal.aborted) return { failure: 'the example was stopped.' }
      terminal.error(error)
      return { failure: explain(error).message }
    } finally {
      await removeExampleMember(home, openAccounts(home)).catch((error: unknown) => terminal.error(error))
    }
  }
}

/** The result of an example: what it logged and where to see it, or why it failed. */
type ExampleOutcome =
  | { readonly logged: LoggedRun & { readonly page: string }; readonly failure?: never }
  | { readonly failure: string; readonly logged?: never }

/** The last lines of a successful start: the server's address, how to sign in, and what an example logged. */
export function closingLines(result: {
  readonly url: string
  readonly signIn: SignIn
  readonly outcome?: ExampleOutcome | undefined
}): readonly string[] {
  const { url, signIn, outcome } = result
  const lines = [`Server   ${url}`, signInLine(signIn)]
  if (outcome === undefined) return lines
  if (outcome.logged === undefined) return [...lines, `Logged   nothing: ${outcome.failure}`]
  const { name, summary, page } = outcome.logged
  return [...lines, `Logged   ${name}, ${summary}: ${page}`]
}

/** Shows what would be started, without starting it. */
function showPlan(
  plan: Readonly<Record<string, string | number>>,
  { json }: UpOptions,
  terminal: Terminal,
): void {
  if (json) return terminal.json(plan)
  for (const [name, value] of Object.entries(plan)) terminal.result(`${name.padEnd(9)}  ${value}`)
}

/** Reports when a server ends and when it is back; its first start is reported by the step. */
function reporter(terminal: Terminal): (event: SupervisionEvent) => void {
  const away = new Set<string>()
  return (event) => {
    if (event.type === 'healthy') {
      if (away.delete(event.name)) terminal.note(`${event.name} is back.`)
    } else {
      away.add(event.name)
      terminal.warn(lossOf(event))
    }
  }
}

function lossOf(event: Exclude<SupervisionEvent, { type: 'healthy' }>): string {
  const pause = `trying again in ${event.retryInMs / 1000} s`
  if (event.type === 'failed') return `${event.name} did not come up; ${pause}.`
  const { code, signal } = event.exit
  return `${event.name} ended (${signal ?? `exit code ${code}`}); ${pause}.`
}
