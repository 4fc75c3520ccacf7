import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { startFakeUpstream } from './fake-upstream.ts'
import type { Misbehaviour } from './fake-upstream.ts'
import { temporaryFolder } from './temporary-folder.ts'

const program = fileURLToPath(new URL('../main.ts', import.meta.url))
/** The password of ada. */
export const password = 'correct horse: battery'

function start(...args: string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [program, ...args])
}

/** Runs `user …` to its end. */
export async function runUser(args: readonly string[], input = ''): Promise<void> {
  const child = start('user', ...args)
  child.stdin.end(input)
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`user ${args.join(' ')} ended with ${code}.`)
}

/** The first line of its stdout. */
export async function firstEvent(child: ChildProcessWithoutNullStreams): Promise<Record<string, string>> {
  const [line] = await once(createInterface(child.stdout), 'line')
  return JSON.parse(String(line))
}

/** The front door's program before a fake MLflow, with a state of its own. */
export interface Serving extends AsyncDisposable {
  readonly state: string
  readonly serve: (listen?: string, ...more: string[]) => ChildProcessWithoutNullStreams
}

/** Prepares to serve; disposing of the result ends everything it started. */
export async function prepareProgram(mlflow?: Misbehaviour): Promise<Serving> {
  const folder = await temporaryFolder()
  const fake = await startFakeUpstream(mlflow)
  const state = join(folder.path, 'auth.sqlite')
  const children: ChildProcessWithoutNullStreams[] = []
  return {
    state,
    serve(listen = '127.0.0.1:0', ...more) {
      const child = start(
        'serve',
        '--listen',
        listen,
        '--upstream',
        `unix:${fake.socketPath}`,
        '--state',
        state,
        ...more,
      )
      children.push(child)
      return child
    },
    async [Symbol.asyncDispose]() {
      for (const child of children) child.kill('SIGKILL')
      await fake[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}
