import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { failureOf, type Failed } from './failure-of.ts'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))

/** The output and exit code of a verb. */
export interface VerbResult {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the verbs of `soen` in one folder. */
export interface Verbs {
  /** Runs a verb to its end. */
  soen(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<VerbResult>
  /** Runs a verb that must succeed; resolves to its JSON. */
  ok(...args: readonly string[]): Promise<Record<string, unknown>>
  /** Runs a verb that must fail; resolves to its error. */
  fails(...args: readonly string[]): Promise<Failed>
  /** Starts a verb that the test ends itself. */
  start(args: readonly string[]): ChildProcess
}

/** Runs verbs in a folder, with this environment. */
export function verbsIn(folder: string, environment: NodeJS.ProcessEnv): Verbs {
  const start = (args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess =>
    spawn(process.execPath, [main, ...args], {
      cwd: folder,
      env: { ...environment, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  const soen = async (args: readonly string[], env?: NodeJS.ProcessEnv): Promise<VerbResult> => {
    const child = start(args, env)
    let stdout = ''
    let stderr = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    const status = await new Promise<number | null>((resolve) => child.once('close', resolve))
    return { status, stdout, stderr }
  }
  return {
    soen,
    start,
    async ok(...args) {
      const result = await soen([...args, '--json'])
      expect(result, `it said: ${result.stderr}${result.stdout}`).toMatchObject({ status: 0 })
      return Object(JSON.parse(result.stdout))
    },
    fails: async (...args) => failureOf(await soen([...args, '--json'])),
  }
}
