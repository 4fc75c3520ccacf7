import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { testPassword } from './auth-proxy.ts'

const program = fileURLToPath(new URL('../main.ts', import.meta.url))

/** A front door as its operator runs it: the program itself, in a process of its own. */
export interface RunningProxy extends AsyncDisposable {
  readonly url: string
  /** Whether the process is still alive: nothing that happens around it may end it. */
  readonly isRunning: () => boolean
  /** Everything it has logged so far. */
  readonly log: () => string
  /** Shuts it down cleanly; disposing of it kills it. */
  readonly stop: () => Promise<void>
}

interface Options {
  readonly state: string
  /** MLflow's socket; by default nothing listens there. */
  readonly socket?: string
  readonly args?: readonly string[]
}

/** Starts the program and waits until it listens. */
export async function startProxy({
  state,
  socket = '/nowhere/mlflow.sock',
  args = [],
}: Options): Promise<RunningProxy> {
  const listen = ['--listen', '127.0.0.1:0', '--upstream', `unix:${socket}`]
  const child = spawn(process.execPath, [program, 'serve', ...listen, '--state', state, ...args], {
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  })
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text))
  const [line]: unknown[] = await once(createInterface(child.stdout), 'line')
  const event: { event: string; url?: string } = JSON.parse(String(line))
  if (event.url === undefined) throw new Error(`The front door did not start: ${String(line)}\n${log}`)
  return {
    url: event.url,
    isRunning: () => !hasEnded(child),
    log: () => log,
    async stop() {
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
    },
    async [Symbol.asyncDispose]() {
      if (hasEnded(child)) return
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    },
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}

/** Calls the API directly on the state, to prepare what a test needs. */
export async function asOperator<Answer>(
  state: string,
  method: string,
  path: string,
  body: object = {},
): Promise<Answer> {
  const child = spawn(process.execPath, [program, 'api', method, `/_soen/api/${path}`, '--state', state], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  })
  child.stdin.end(JSON.stringify(body))
  const [line]: unknown[] = await once(createInterface(child.stdout), 'line')
  const answer: { status: number; body: Answer } = JSON.parse(String(line))
  if (answer.status >= 400) throw new Error(String(line))
  return answer.body
}

/** Creates an account with the password of all tests, and a token for it. */
export async function addPerson(
  state: string,
  name: string,
  role: string,
): Promise<{ readonly id: string; readonly token: string }> {
  await asOperator(state, 'POST', 'users', { name, role, password: testPassword })
  return await asOperator(state, 'POST', 'tokens', { name: 'laptop', owner: name })
}
