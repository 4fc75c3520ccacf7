import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, inject, test } from 'vitest'
import { bridgeToSocket, startMlflow, type SharedMlflow } from '@soen/testbed'
import { migrateByPython, readByPython, type PythonRun } from '../testing/python-store.ts'
import { randomFrom } from '../testing/random.ts'
import { toPythonFloat } from './python-float.ts'

const { python }: SharedMlflow = inject('mlflow')
// SOEN_STORE_KILLS=200 is the full size; a failed seed can be given again.
const kills = Number(process.env['SOEN_STORE_KILLS'] ?? 8)
const seed = Number(process.env['SOEN_STORE_SEED'] ?? randomInt(2 ** 31))
const POINTS = 40
const clientRunId = '0f8fad5b-d9cb-469f-a165-70867728950e'
const runId = clientRunId.replaceAll('-', '')

test(
  `a store is whole at every instant while its writer is killed (seed ${seed})`,
  { timeout: 900_000 },
  async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'killed-'))
    const root = join(folder.path, 'mlruns')
    const random = randomFrom(seed)
    // The server opens the store before it exists, and sees it grow from nothing.
    const env = { MLFLOW_ALLOW_FILE_STORE: 'true' }
    await using mlflow = await startMlflow({ backendStoreUri: root, env })
    await using bridge = await bridgeToSocket(mlflow.socketPath)
    const stop = new AbortController()
    const polling = poll(bridge.url, stop.signal)

    let written = -1
    for (let kill = 0; kill < kills; kill += 1) {
      // The next one begins with the last batch that the killed one is known to have written.
      written = await writeUntilKilled(root, Math.max(0, written), 100 + random() * 400)
    }
    stop.abort()
    const { answers, pointsRead, failures } = await polling
    expect(failures).toEqual([])
    expect(answers).toBeGreaterThan(kills)
    expect(pointsRead).toBeGreaterThan(0)

    const { [runId]: run } = await readByPython(python, `file://${root}`)
    expectEachPointOnce(run, written)
    const database = join(folder.path, 'migrated.db')
    await migrateByPython(python, root, database)
    expect((await readByPython(python, `sqlite:///${database}`))[runId]).toEqual(run)
  },
)

/** Start a writer and kill it; resolves to the last step that it reported. */
async function writeUntilKilled(root: string, firstStep: number, lifeMs: number): Promise<number> {
  const script = join(import.meta.dirname, '../testing/store-child.ts')
  const child = spawn(process.execPath, [script, root, clientRunId, String(firstStep)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit')
  let step = firstStep
  let begin: (() => void) | undefined
  const began = new Promise<void>((resolve) => {
    begin = resolve
  })
  const lines = createInterface({ input: child.stdout })
  lines.on('line', (line) => {
    step = Number(line)
    begin?.()
  })
  await Promise.race([began, exit])
  await sleep(lifeMs)
  child.kill('SIGKILL')
  expect(await exit).toEqual([null, 'SIGKILL'])
  return step
}

/** Send the web page's requests, 20 times a second. */
async function poll(
  url: string,
  signal: AbortSignal,
): Promise<{ answers: number; pointsRead: number; failures: string[] }> {
  const failures: string[] = []
  let answers = 0
  let pointsRead = 0
  const ask = async (path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${url}/api/2.0/mlflow/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    answers += 1
    if (response.status >= 500) failures.push(`${path}: ${response.status} ${text}`)
    return response.ok ? JSON.parse(text) : {}
  }
  while (!signal.aborted) {
    const { experiments = [] } = (await ask('experiments/search', { max_results: 100 })) as {
      experiments?: { experiment_id: string }[]
    }
    await ask('runs/search', { experiment_ids: experiments.map((each) => each.experiment_id) })
    await ask(`runs/get?run_id=${runId}`)
    const { metrics = [] } = (await ask(`metrics/get-history?run_id=${runId}&metric_key=loss%2F0`)) as {
      metrics?: { step?: number | string; value: number }[]
    }
    for (const { step = 0, value } of metrics) {
      pointsRead += 1
      if (value !== Number(step) / 7) failures.push(`step ${step} was read as ${value}`)
    }
    await sleep(50)
  }
  return { answers, pointsRead, failures }
}

function expectEachPointOnce(run: PythonRun | undefined, lastStep: number): void {
  for (let name = 0; name < 4; name += 1) {
    const points = run?.metrics[`loss/${name}`] ?? []
    // A batch may be written without being reported: whatever exists must exist once and without a gap.
    const expected = points.map((_, index) => {
      const step = index * 4 + name
      return [step, 1_700_000_000_000 + step, toPythonFloat(step / 7)]
    })
    expect(points).toEqual(expected)
    expect(points.length).toBeGreaterThanOrEqual(((lastStep + 1) * POINTS) / 4)
  }
}
