import { mkdirSync, writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readExperiments, readRuns } from './read-store.ts'
import { planRepairs } from './repair/plan-repairs.ts'

/** Names as PyYAML spells them in the stores of MLflow 1.30, 2.22 and 3.17. */
const spelled = [
  ["'null'", 'null'],
  ["'true'", 'true'],
  ["'~'", '~'],
  ['1e3', '1e3'],
  ["'12'", '12'],
  ["'2020-01-01'", '2020-01-01'],
  ["'yes'", 'yes'],
  ["'a: b'", 'a: b'],
  ["' lead'", ' lead'],
  ["'multi\n\n  line'", 'multi\nline'],
  ['"tab\\tx"', 'tab\tx'],
  ['"l\\xE4ufer \\U0001F3C3"', 'läufer 🏃'],
] as const

async function store(): Promise<AsyncDisposable & { root: string; write(path: string, text: string): void }> {
  const made = await mkdtempDisposable(join(tmpdir(), 'foreign-'))
  return {
    root: made.path,
    write: (path, text) => {
      mkdirSync(join(made.path, path, '..'), { recursive: true })
      writeFileSync(join(made.path, path), text)
    },
    [Symbol.asyncDispose]: () => made[Symbol.asyncDispose](),
  }
}

function experimentText(id: string, name: string): string {
  return `artifact_location: file:///x\ncreation_time: 1\nexperiment_id: '${id}'\nlast_update_time: 1\nlifecycle_stage: active\nname: ${name}\n`
}

function runText(id: string, experiment: string, name: string): string {
  return `artifact_uri: file:///x\nend_time: null\nentry_point_name: ''\nexperiment_id: '${experiment}'\nlifecycle_stage: active\n${name}run_id: ${id}\nrun_uuid: ${id}\nstart_time: 1\nstatus: 3\ntags: []\nuser_id: ann\n`
}

function makeRun(at: Awaited<ReturnType<typeof store>>, folder: string, text: string): void {
  at.write(`${folder}/meta.yaml`, text)
  for (const part of ['metrics', 'params', 'artifacts']) mkdirSync(join(at.root, folder, part))
}

test.each(spelled)('reads the name %j as Python does, and leaves it alone', async (text, name) => {
  await using at = await store()
  at.write('7/meta.yaml', experimentText('7', text))
  makeRun(at, '7/abc', runText('abc', '7', `run_name: ${text}\n`))
  const { experiments, torn } = await readExperiments(at.root)
  expect(experiments.map(({ meta }) => meta.name)).toEqual([name])
  for (const experiment of experiments)
    expect(await Array.fromAsync(readRuns(experiment))).toMatchObject([{ meta: { name } }])
  expect([torn, await planRepairs(at.root)]).toEqual([[], []])
})

test.each(["name: ''\n", "name: ''\nrun_name: ''\n", 'run_name: null\n'])(
  'takes the name of a run from its tag where the description has none: %j',
  async (lines) => {
    await using at = await store()
    at.write('7/meta.yaml', experimentText('7', 'old'))
    makeRun(at, '7/abc', runText('abc', '7', lines))
    at.write('7/abc/tags/mlflow.runName', 'fit')
    const [experiment] = (await readExperiments(at.root)).experiments
    const runs = await Array.fromAsync(readRuns(experiment ?? { runFolders: [] }))
    expect(runs).toMatchObject([{ meta: { name: 'fit', endTimeMs: undefined } }])
    expect(await planRepairs(at.root)).toEqual([])
  },
)

test('passes over a whole run in the trash, as MLflow does, and does not make an experiment of it', async () => {
  await using at = await store()
  at.write('7/meta.yaml', experimentText('7', 'kept'))
  makeRun(at, '.trash/abc', runText('abc', '7', "name: ''\n"))
  const { experiments, torn } = await readExperiments(at.root)
  expect(experiments.map(({ meta }) => meta.name)).toEqual(['kept'])
  expect([torn, await planRepairs(at.root)]).toEqual([[], []])
})
