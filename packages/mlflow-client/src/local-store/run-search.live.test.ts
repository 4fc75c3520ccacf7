import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as fc from 'fast-check'
import { expect, inject, test } from 'vitest'
import type { SharedMlflow } from '@soen/testbed'
import { createExperiment } from '../rest/experiments.ts'
import { logInputs } from '../rest/inputs.ts'
import { logBatch } from '../rest/log-batch.ts'
import { createRun, searchRuns, updateRun } from '../rest/runs.ts'
import type { Transport } from '../rest/transport.ts'
import { migrateByPython } from '../testing/python-store.ts'
import { createFileTransport } from './file-transport.ts'

const { python }: SharedMlflow = inject('mlflow')

interface Search {
  readonly filter: string
  readonly orderBy: readonly string[]
}

const metricValues = [0, -1, 0.5, 2, 1e-7, 1e20, NaN]
const texts = ['', 'a', 'A', 'ab', 'a.b', 'x%y', 'x_y', "it's", 'two words', 'größer', '(1)', 'end']

const pick = <Item>(items: readonly Item[], index: number): Item[] =>
  items.slice(index % items.length).slice(0, 1)

/** Runs that differ in everything that can be searched; some lack parts of it. */
async function fill(transport: Transport): Promise<string> {
  const experimentId = await createExperiment(transport, 'searched')
  for (let index = 0; index < 24; index += 1) {
    const keys = index % 3 === 0 ? [] : ['m', 'val/loss']
    const { info } = await createRun(transport, {
      experimentId,
      name: `run ${index}`,
      startTimeMs: 1_700_000_000_000 + Math.floor(index / 2),
      userId: index % 2 === 0 ? 'ann' : 'Bob',
      tags: index % 4 === 0 ? [] : pick(texts, index).map((value) => ({ key: 'my tag', value })),
    })
    const runId = info.run_id
    await logBatch(transport, {
      runId,
      metrics: keys.flatMap((key, shift) =>
        pick(metricValues, index + shift).map((value) => ({ key, value, timestampMs: 1, step: 0 })),
      ),
      params:
        index % 5 === 0 ? [] : pick(texts.filter(Boolean), index + 3).map((value) => ({ key: 'p', value })),
      tags: [],
    })
    const dataset = { name: `data ${index % 3}`, digest: 'd', source_type: 'local', source: '{}' }
    const tags = [{ key: 'mlflow.data.context', value: index % 2 === 0 ? 'train' : 'eval' }]
    if (index % 4 !== 1) await logInputs(transport, { runId, datasets: [{ dataset, tags }] })
    if (index % 2 === 0)
      await updateRun(transport, { runId, status: 'FINISHED', endTimeMs: 1_700_000_000_050 + index })
  }
  return experimentId
}

const operator = fc.constantFrom('=', '!=', '<', '<=', '>', '>=')
const likeness = fc.constantFrom('=', '!=', 'LIKE', 'ILIKE', 'like')
const space = fc.constantFrom(' ', '  ')
const quote = (text: string): string => (text.includes("'") ? `"${text}"` : `'${text}'`)
const wantedText = fc.oneof(
  fc.constantFrom(...texts),
  fc.constantFrom('a%', '%b', '%', '_', 'A_', '%.%', 'X%', '%s%', 'Größer', 'end', 'run 1%', 'RUN 2_'),
)
const number = fc.constantFrom('0', '-1', '0.5', '2', '.5', '1e-7', '1E20', '100', '-0.0')
const metric = fc.constantFrom(
  'metrics.m',
  'metric.`val/loss`',
  'metrics."val/loss"',
  'metrics.`m`',
  'metrics.none',
)
const text = fc.constantFrom(
  'params.p',
  'param.`p`',
  'parameters.none',
  'tags.`my tag`',
  'tag."my tag"',
  'tags.none',
)
const clause = fc.oneof(
  fc.tuple(metric, space, operator, space, number).map((parts) => parts.join('')),
  fc.tuple(text, likeness, wantedText.map(quote)).map((parts) => parts.join(' ')),
  fc.tuple(text, fc.constantFrom('IS NULL', 'IS NOT NULL', 'is null')).map((parts) => parts.join(' ')),
  fc
    .tuple(
      fc.constantFrom('attributes.run_name', 'run_name', 'attr.`run name`', 'user_id', 'status'),
      likeness,
      wantedText,
    )
    .map(([field, how, value]) => `${field} ${how} ${quote(value)}`),
  fc
    .tuple(
      fc.constantFrom('attributes.status', 'attribute.user_id'),
      fc.constantFrom("'FINISHED'", "'RUNNING'", "'ann'"),
    )
    .map((parts) => parts.join(' = ')),
  fc
    .tuple(
      fc.constantFrom('start_time', 'attributes.end_time', 'created'),
      operator,
      fc.integer({ min: 0, max: 60 }),
    )
    .map(([field, how, offset]) => `${field} ${how} ${1_700_000_000_000 + offset}`),
  fc
    .tuple(
      fc.constantFrom('dataset.name', 'datasets.digest', 'dataset.context'),
      fc.constantFrom(" = 'data 1'", " IN ('data 0', 'd')", " NOT IN ('train')", " LIKE '%a%'", " != 'eval'"),
    )
    .map((parts) => parts.join('')),
)
const wrong = fc.constantFrom(
  "metrics.m = 'x'",
  'params.p = 1',
  "params.p > 'a'",
  "metrics.m LIKE 'x'",
  "status IN ('FINISHED')",
  'metrics.m IS NULL',
  "tags.none = 'a' or tags.none = 'b'",
  "none.m = 'a'",
  "attributes.none = 'a'",
  "dataset.none = 'a'",
  'start_time = x',
  "tags.none = 'a' and",
)
const filter = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.array(clause, { minLength: 1, maxLength: 3 }).map((clauses) => clauses.join(' and ')),
  },
  { weight: 1, arbitrary: wrong },
)
const order = fc.tuple(
  fc.constantFrom(
    'metrics.m',
    'metrics.`val/loss`',
    'params.p',
    'tags.`my tag`',
    'start_time',
    'attributes.run_name',
  ),
  fc.constantFrom('', ' ASC', ' DESC', ' desc'),
)
const search = fc.record({
  filter,
  // A database refuses the same field twice.
  orderBy: fc
    .uniqueArray(order, { maxLength: 2, selector: ([field]) => field })
    .map((orders) => orders.map((parts) => parts.join(''))),
})

const sorted = (names: readonly string[] | null | undefined) => names?.toSorted()

async function searchByPython(uri: string, folder: string, searches: readonly Search[]) {
  const file = join(folder, 'searches.json')
  writeFileSync(file, JSON.stringify(searches))
  const script = join(import.meta.dirname, '../testing/search_runs.py')
  const env = { PATH: process.env['PATH'], MLFLOW_ALLOW_FILE_STORE: 'true', MLFLOW_DISABLE_TELEMETRY: 'true' }
  const { stdout } = await promisify(execFile)(python, [script, uri, file], { env, maxBuffer: 1 << 28 })
  const found: (readonly string[] | null)[] = JSON.parse(stdout)
  return found
}

test('a search finds what MLflow finds in the same folder, in the same order, and in its database', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'search-'))
  const root = join(folder.path, 'mlruns')
  const transport = createFileTransport(root)
  const experimentId = await fill(transport)
  const searches = fc.sample(search, 200)
  const expected = await searchByPython(`file://${root}`, folder.path, searches)
  const found = await Promise.all(
    searches.map(async (each) => {
      const runs = searchRuns(transport, { ...each, experimentIds: [experimentId], pageSize: 11 })
      return await Array.fromAsync(runs, ({ info }) => info.run_name).catch(() => null)
    }),
  )
  const pairs = searches.map((each, index) => ({ ...each, names: found[index] }))
  expect(pairs).toEqual(searches.map((each, index) => ({ ...each, names: expected[index] })))
  // Otherwise the searches would prove nothing.
  const counts = expected.map((names) => names?.length ?? -1)
  expect(counts).toEqual(expect.arrayContaining([-1, 0]))
  expect(counts.filter((count) => count > 0 && count < 24).length).toBeGreaterThan(40)

  const database = join(folder.path, 'migrated.db')
  await migrateByPython(python, root, database)
  const inSql = await searchByPython(`sqlite:///${database}`, folder.path, searches)
  expect(inSql.map(sorted)).toEqual(expected.map(sorted))
})
