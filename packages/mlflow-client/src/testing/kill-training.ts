import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'

/** How much a kill may lose. */
const AT_RISK_MS = 50

/** Which training to kill, and when. */
export interface KillOptions {
  readonly trackingUri: string
  readonly spoolDir: string
  readonly experiment?: string
  /** Counted from its first point. */
  readonly killAfterMs: number
}

/**
 * Let a program log 5,000 points a second, and kill it with `kill -9`.
 *
 * @returns how many points must exist afterwards: all accepted more than 50 ms before its last sign of life. (A busy
 * machine may suspend a process long before a kill; then nothing could have been written.)
 */
export async function killTraining(options: KillOptions): Promise<number> {
  const { trackingUri, spoolDir, experiment = 'tests', killAfterMs } = options
  const program = join(import.meta.dirname, 'steady-child.ts')
  const child = spawn(process.execPath, [program, trackingUri, spoolDir, experiment], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const told: { readonly steps: number; readonly atMs: number }[] = []
  const lines = createInterface({ input: child.stdout }).on('line', (line) => {
    const [steps, atMs] = line.split(' ').map(Number)
    if (steps !== undefined && atMs !== undefined) told.push({ steps, atMs })
  })
  await once(lines, 'line')
  await setTimeout(killAfterMs)
  const gone = Promise.all([once(lines, 'close'), once(child, 'exit')])
  child.kill('SIGKILL')
  await gone
  const lastSign = told.at(-1)?.atMs ?? 0
  return Math.max(0, ...told.filter(({ atMs }) => atMs < lastSign - AT_RISK_MS).map(({ steps }) => steps))
}
