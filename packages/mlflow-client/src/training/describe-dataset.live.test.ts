import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { launchChromium, type SharedMlflow } from '@soen/testbed'
import { expect, inject, test } from 'vitest'
import { Client } from '../run/client.ts'
import { testSettings } from '../testing/settings.ts'
import { describeRows, describeTensors } from './describe-dataset.ts'
import type { Tensor } from './tensor-digest.ts'

const { trackingUri, python }: SharedMlflow = inject('mlflow')

const odd = [0, -0, NaN, Infinity, -Infinity, 0.1, -5e-324, 1e300]
const tensors: readonly {
  readonly features: Tensor
  readonly targets?: Tensor
  readonly dtypes: readonly string[]
}[] = [
  { features: { data: Float64Array.from(odd), shape: [2, 2, 2] }, dtypes: ['float64'] },
  {
    features: { data: Float32Array.from(odd), shape: [4, 2] },
    targets: { data: Int32Array.of(-1, 2, 3, 4) },
    dtypes: ['float32', 'int32'],
  },
  {
    features: { data: Int8Array.of(-128, 127) },
    targets: { data: BigInt64Array.of(-1n, 5n) },
    dtypes: ['int8', 'int64'],
  },
  {
    features: { data: Uint16Array.of(65_535, 1) },
    targets: { data: Uint8Array.of(255, 0) },
    dtypes: ['uint16', 'uint8'],
  },
  {
    features: { data: Float32Array.from({ length: 12_345 }, (_, index) => Math.sin(index)) },
    dtypes: ['float32'],
  },
]

function toPython({ data, shape = [data.length] }: Tensor, dtype: string): object {
  return { hex: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex'), dtype, shape }
}

test("tensors are described as MLflow's Python describes the same arrays", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'datasets-'))
  const given = tensors.map(({ features, targets, dtypes: [first = '', second = ''] }) => ({
    features: toPython(features, first),
    targets: targets === undefined ? null : toPython(targets, second),
  }))
  const file = join(folder.path, 'arrays.json')
  writeFileSync(file, JSON.stringify(given))
  const script = join(import.meta.dirname, '../testing/describe_tensors.py')
  const env = { PATH: process.env['PATH'], MLFLOW_DISABLE_TELEMETRY: 'true' }
  const { stdout } = await promisify(execFile)(python, [script, file], { env, cwd: folder.path })
  const ours = tensors.map((each) => {
    const { digest, schema, profile } = describeTensors({ name: 'x' }, each)
    return { digest, schema: parsedSchema(schema), profile }
  })
  expect(ours).toEqual(parsedSchema(JSON.parse(stdout)))
})

/** Python serialises the nested schemas with different white space. */
function parsedSchema(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema), (_, value: unknown) =>
    typeof value === 'string' && value.startsWith('[') ? JSON.parse(value) : value,
  )
}

test("MLflow's page shows the dataset of a run with its schema", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'datasets-'))
  await using client = new Client(
    testSettings(trackingUri, join(folder.path, 'spool'), { experiment: 'datasets' }),
  )
  const run = client.startRun({ name: 'reads' })
  const features = { data: new Float32Array(6), shape: [2, 3] }
  const dataset = describeTensors({ name: 'neurons', source: '/data/neurons.npy' }, { features })
  const table = describeRows({ name: 'scores', source: 'https://example.org/scores.csv' }, [
    { id: 1, score: 0.5 },
  ])
  run.input(dataset, { context: 'training' })
  run.input(table, { context: 'evaluation' })
  expect(await run.end()).toMatchObject({ dropped: 0, spooled: 0 })
  const browser = await launchChromium()
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } })
    page.setDefaultTimeout(120_000)
    await page.goto(run.url ?? '')
    await page.getByText(`neurons (${dataset.digest})`).first().click()
    await page.getByText('[2,3]').waitFor()
    await page.getByText(`scores (${table.digest})`).last().click()
    await page.getByText('double', { exact: true }).waitFor()
    expect(await page.getByText('score', { exact: true }).count()).toBe(1)
  } finally {
    await browser.close()
  }
})
