import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import type { SharedMlflow } from '@soen/testbed'
import { createExperiment } from '../../rest/experiments.ts'
import { createRun } from '../../rest/runs.ts'
import { migrateByPython, probeByPython } from '../../testing/python-store.ts'
import { createFileTransport } from '../file-transport.ts'
import { repairStore } from './repair-store.ts'

const { python }: SharedMlflow = inject('mlflow')

/** Ways to damage a store with that experiment and run. */
const tears: Record<string, (experiment: string, run: string) => void> = {
  'an empty metric': (_, run) => writeFileSync(join(run, 'metrics/loss'), ''),
  'a torn line': (_, run) => writeFileSync(join(run, 'metrics/loss'), '1 1.0 1\n17000'),
  'an empty file beside the metrics': (_, run) => writeFileSync(join(run, 'metrics/a.tmp'), ''),
  'a name that is none': (_, run) => writeFileSync(join(run, 'metrics/a~'), '1 1.0 1\n'),
  'a param that is no text': (_, run) => writeFileSync(join(run, 'params/lr'), Buffer.from([0xff, 0xfe])),
  'an empty description': (_, run) => writeFileSync(join(run, 'meta.yaml'), ''),
  'half a description': (_, run) =>
    writeFileSync(join(run, 'meta.yaml'), 'artifact_uri: "file:///x"\nend_ti'),
  'an empty experiment': (experiment) => writeFileSync(join(experiment, 'meta.yaml'), ''),
  'a folder that is no experiment': (experiment) => mkdirSync(join(experiment, '../.ipynb_checkpoints')),
  'a missing folder': (_, run) => rmSync(join(run, 'artifacts'), { recursive: true }),
  'an input without description': (_, run) => mkdirSync(join(run, 'inputs/0'), { recursive: true }),
}

test('mends all that makes MLflow refuse a store', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'repair-'))
  const stores = await tornStores(folder.path)
  const before = await probeByPython(python, Object.values(stores))
  const readable = Object.keys(stores).filter((_, index) => before[index] === null)
  expect(readable).toEqual([])

  for (const store of Object.values(stores)) await repairStore(store, { settledMs: -60_000 })
  expect(await probeByPython(python, Object.values(stores))).toEqual(Object.keys(stores).map(() => null))
})

test('mends what stops the migration to a database', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'repair-'))
  const { store, run } = await wholeStore(join(folder.path, 'mlruns'))
  // MLflow's own file store keeps a point that is logged twice.
  writeFileSync(join(run, 'metrics/loss'), '1 1.0 1\n1 1.0 1\n')
  const database = join(folder.path, 'x.db')
  await expect(migrateByPython(python, store, database)).rejects.toThrow('UNIQUE constraint failed')
  await repairStore(store, { settledMs: -60_000 })
  rmSync(database)
  await migrateByPython(python, store, database)
})

async function tornStores(folder: string): Promise<Record<string, string>> {
  const { store, experiment, run } = await wholeStore(join(folder, 'whole'))
  const stores: Record<string, string> = {}
  for (const [index, [name, tear]] of Object.entries(tears).entries()) {
    const copy = join(folder, `torn-${index}`)
    cpSync(store, copy, { recursive: true })
    tear(experiment.replace(store, copy), run.replace(store, copy))
    stores[name] = copy
  }
  return stores
}

async function wholeStore(store: string): Promise<{ store: string; experiment: string; run: string }> {
  const transport = createFileTransport(store)
  const experimentId = await createExperiment(transport, 'exp')
  const { info } = await createRun(transport, {
    experimentId,
    name: 'r',
    startTimeMs: 7,
    tags: [],
    userId: 'ann',
  })
  const dataset = { name: 'd', digest: 'd', source_type: 'local', source: 'x' }
  await transport.json('POST', '/api/2.0/mlflow/runs/log-inputs', {
    json: { run_id: info.run_id, datasets: [{ dataset }] },
  })
  const experiment = join(store, experimentId)
  const run = join(experiment, info.run_id)
  expect(readdirSync(run)).toContain('inputs')
  return { store, experiment, run }
}
