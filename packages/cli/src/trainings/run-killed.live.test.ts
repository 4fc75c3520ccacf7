import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createTransport, getExperimentByName, getMetricHistory, searchRuns } from '@soen/mlflow-client/rest'
import { temporaryFolder, waitUntil } from '@soen/testbed'
import { expect, inject, test } from 'vitest'
import { soen } from '../testing/running-soen.ts'

const { python, trackingUri } = inject('mlflow')
const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const training = fileURLToPath(new URL('../testing/acknowledged_steps.py', import.meta.url))
const transport = createTransport({ trackingUri })
const kills = Number(process.env['SOEN_RUN_KILLS'] ?? 3)

const linesOf = (path: string): number[] =>
  existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').map(Number) : []

/** Starts a training, kills something of it after some steps; what the server has after a sync, and what was answered. */
async function killed(killOne: (soenPid: number) => void, after: number) {
  using home = temporaryFolder('killed')
  const experiment = `killed ${randomUUID()}`
  const answered = join(home.path, 'answered')
  const env = { ...process.env, HOME: home.path, SOEN_SPOOL_DIR: home.path, MLFLOW_TRACKING_URI: trackingUri }
  const command = [python, training, answered]
  const child = spawn(process.execPath, [main, 'run', '--experiment', experiment, '--', ...command], {
    env: { ...env, MLFLOW_HTTP_REQUEST_MAX_RETRIES: '0' },
    stdio: 'ignore',
  })
  await waitUntil(() => linesOf(answered).length > after, { what: 'the training to be at work' })
  killOne(child.pid ?? 0)
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  // A program whose relay is gone ends by itself: nothing more is answered then.
  let steps = linesOf(answered)
  await waitUntil(() => {
    const before = steps.length
    steps = linesOf(answered)
    return steps.length === before
  })
  const synced = soen(['sync'], env)
  expect(synced.status).toBe(0)
  const found = await getExperimentByName(transport, experiment)
  const runs = await Array.fromAsync(searchRuns(transport, { experimentIds: [found?.experiment_id ?? ''] }))
  const [run] = runs
  const points = await Array.fromAsync(
    getMetricHistory(transport, { runId: run?.info.run_id ?? '', key: 'loss' }),
  )
  return { runs: runs.length, status: run?.info.status, steps, stored: points.map(({ step }) => step) }
}

/** The programs that a process has started and that run (Linux). */
const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number)

const kill = (pid: number): void => void process.kill(pid, 'SIGKILL')

test.each([
  ['soen', kill],
  ['the program', (soenPid: number): void => childrenOf(soenPid).forEach(kill)],
])('whatever was answered before %s was killed is on the server after a sync, once', async (_, killOne) => {
  for (let number = 0; number < kills; number += 1) {
    const { runs, status, steps, stored } = await killed(killOne, Math.floor(Math.random() * 200))
    expect({ runs, status }).toEqual({ runs: 1, status: 'KILLED' })
    expect(new Set(stored).size).toBe(stored.length)
    expect(steps.filter((step) => !stored.includes(step))).toEqual([])
  }
})
