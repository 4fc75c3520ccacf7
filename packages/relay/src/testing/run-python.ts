import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

/** How a training is run. */
export interface PythonRun {
  readonly python: string
  readonly script: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Called at each pause; the training continues when it resolves. */
  readonly atPause?: (what: string) => void | Promise<void>
}

/** Runs a training with MLflow's own client; resolves to what it read back at its end. */
export async function runPython({ python, script, args, env, atPause }: PythonRun): Promise<unknown> {
  const path = fileURLToPath(new URL(`python/${script}`, import.meta.url))
  const child = spawn(python, [path, ...args], {
    env: {
      PATH: process.env['PATH'] ?? '',
      MLFLOW_DISABLE_TELEMETRY: 'true',
      DO_NOT_TRACK: 'true',
      MLFLOW_HTTP_REQUEST_MAX_RETRIES: '1',
      ...env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const errors = text(child.stderr)
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  let seen: unknown
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{')) continue
    const said: { pause?: string; seen?: unknown } = JSON.parse(line)
    seen = said.seen ?? seen
    if (said.pause === undefined) continue
    await atPause?.(said.pause)
    child.stdin.write('\n')
  }
  const status = await ended
  if (status !== 0) throw new Error(`${script} ended with ${status}: ${await errors}`)
  return seen
}
