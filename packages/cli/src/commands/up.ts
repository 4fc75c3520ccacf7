import { once } from 'node:events'
import type { Step, SupervisionEvent } from '@soen/host'
import { generatePassword, openAccounts, type Accounts } from '../local/accounts.ts'
import {
  addExampleMember,
  removeExampleMember,
  runExample,
  type ExampleOptions,
  type LoggedRun,
} from '../local/example.ts'
import { findHome } from '../local/home.ts'
import { startPlatform } from '../local/platform.ts'
import { planStorage } from '../local/storage.ts'
import type { Terminal } from '../output/terminal.ts'

/** The options of `soen up`, as the terminal gives them. */
export interface UpOptions {
  readonly home?: string
  readonly port: number
  readonly postgres?: string
  readonly artifacts?: string
  readonly s3Endpoint?: string
  readonly example?: string
  readonly resetAdminPassword?: boolean
  readonly dryRun?: boolean
  readonly json?: boolean
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Whatever was started ends with this process: each program has a watchdog of its own. */
function leaveAtOnce(): never {
  process.exit(130)
}

/** Starts the local platform and stays until Ctrl-C, `soen down` or the end of the terminal. */
export async function up(options: UpOptions, terminal: Terminal): Promise<void> {
  const home = findHome({ chosen: options.home })
  const storage = planStorage(home, options, process.env)
  if (options.dryRun)
    return showPlan({ home: home.path, port: options.port, ...storage.shown }, options, terminal)

  const stopping = new AbortController()
  const stop = (): void => stopping.abort()
  const untilStopped = once(stopping.signal, 'abort')
  for (const signal of signals) process.on(signal, leaveAtOnce)
  const step: Step = (what, work) => terminal.step(what, work)
  await using platform = await startPlatform({
    ...{ home, storage, port: options.port, env: process.env },
    ...{ step, onStop: stop, onEvent: reporter(terminal) },
    prepare: async (accounts) => ({
      signIn: await admin(accounts, options.resetAdminPassword ?? false),
      ...(options.example !== undefined && {
        example: { program: options.example, password: await addExampleMember(accounts) },
      }),
    }),
  })
  for (const signal of signals) process.off(signal, leaveAtOnce).once(signal, stop)

  const { signIn, example } = platform.prepared
  const show = (line: string): void => {
    if (!options.json) terminal.result(line)
  }
  show(`Server   ${platform.url}`)
  show(`Sign in  ${describeSignIn(signIn)}`)
  const logged = example === undefined ? null : await logExample(example)
  if (logged !== null) show(`Logged   ${logged.name}, ${logged.summary}: ${logged.page}`)
  if (options.json) terminal.json({ server: platform.url, signIn, logged })
  if (example !== undefined)
    await removeExampleMember(openAccounts(home)).catch((error: unknown) => terminal.error(error))
  terminal.note('Ctrl-C stops everything.')
  await untilStopped
  terminal.note('Stopping …')
  for (const signal of signals) process.on(signal, leaveAtOnce)

  async function logExample(
    from: Pick<ExampleOptions, 'program' | 'password'>,
  ): Promise<(LoggedRun & { readonly page: string }) | null> {
    try {
      const onLine = (line: string): void => terminal.note(`  ${line}`)
      const run = await runExample({ ...from, home, url: platform.url, onLine, signal: stopping.signal })
      return { ...run, page: `${platform.url}/#/experiments/${run.experimentId}/runs/${run.runId}` }
    } catch (error) {
      if (!stopping.signal.aborted) terminal.error(error)
      return null
    }
  }
}

/** What would be started, without starting it. */
function showPlan(
  plan: Readonly<Record<string, string | number>>,
  { json }: UpOptions,
  terminal: Terminal,
): void {
  if (json) return terminal.json(plan)
  for (const [name, value] of Object.entries(plan)) terminal.result(`${name.padEnd(9)}  ${value}`)
}

interface SignIn {
  readonly user: 'admin'
  /** Only when it is new: it is shown this once and kept as a hash. */
  readonly password: string | null
}

async function admin(accounts: Accounts, isReset: boolean): Promise<SignIn> {
  const isThere = (await accounts.list()).includes('admin')
  if (isThere && !isReset) return { user: 'admin', password: null }
  const password = generatePassword()
  await accounts.set('admin', 'admin', password)
  return { user: 'admin', password }
}

function describeSignIn({ user, password }: SignIn): string {
  return password === null
    ? `${user}, with the password of the first start (lost? restart with --reset-admin-password)`
    : `${user} ${password} (shown this once)`
}

/** Says when a server ends and when it is back; that it came up at all is the step's to say. */
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
