import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensurePastMlflow, type SharedMlflow } from '@soen/testbed'
import { expect, inject, test } from 'vitest'
import { readByPython, writeByPython, type PythonRun } from '../testing/python-store.ts'
import { toPythonFloat } from './python-float.ts'
import { latestPoint, type StoredRun } from './read-run.ts'
import { readExperiments, readRuns } from './read-store.ts'
import { planRepairs } from './repair/plan-repairs.ts'

const { python: today }: SharedMlflow = inject('mlflow')

test.each(['1.26.1', '1.30.0', '2.9.2', '2.22.0', 'today'] as const)(
  'a store that MLflow %s made is read as MLflow reads it, and nothing of it is repaired',
  async (version) => {
    const python = version === 'today' ? today : await ensurePastMlflow(version)
    await using folder = await mkdtempDisposable(join(tmpdir(), 'past-'))
    const store = join(folder.path, 'mlruns')
    await writeByPython(python, `file://${store}`)

    const read = await readStore(store)
    expect(read).toEqual(await readByPython(today, `file://${store}`))
    expect(Object.values(read).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['null', 'child of 1e3', ' lead', 'läufer 🏃']),
    )
    expect(await planRepairs(store)).toEqual([])
  },
)

/** A store as this package reads it, in the format of the script that reads it with Python. */
async function readStore(store: string): Promise<Record<string, PythonRun>> {
  const { experiments, torn } = await readExperiments(store)
  expect(torn).toEqual([])
  const runs: Record<string, PythonRun> = {}
  for (const experiment of experiments) {
    for await (const run of readRuns(experiment)) {
      if (!('meta' in run)) throw new Error(`${run.path}: ${run.why}`)
      expect(run.torn).toEqual([])
      runs[run.meta.runId] = inPython(experiment.meta.name, run)
    }
  }
  return runs
}

function inPython(experiment: string, { meta, params, tags, metrics }: StoredRun): PythonRun {
  const points = Object.entries(metrics)
  return {
    experiment,
    name: meta.name,
    status: meta.status,
    lifecycle: meta.lifecycle,
    times: [meta.startTimeMs ?? 0, meta.endTimeMs ?? null],
    params,
    tags,
    metrics: Object.fromEntries(
      points.map(([key, history]) => [
        key,
        history
          .map(({ step, timestampMs, value }) => [step, timestampMs, toPythonFloat(value)] as const)
          .toSorted((one, other) => one[0] - other[0] || one[1] - other[1] || (one[2] < other[2] ? -1 : 1)),
      ]),
    ),
    latest: Object.fromEntries(
      points.map(([key, history]) => [key, toPythonFloat(latestPoint(history)?.value ?? NaN)]),
    ),
    inputs: [],
  }
}
