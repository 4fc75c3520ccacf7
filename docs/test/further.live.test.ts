import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { init } from '@soen/mlflow-client'
import { createReader, type Reader } from '@soen/mlflow-client/read'
import { createTransport, getModelVersionByAlias } from '@soen/mlflow-client/rest'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'

const snippets = fileURLToPath(new URL('../snippets', import.meta.url))
const { trackingUri } = inject('mlflow')
let cwd: string
let reader: Reader
let env: Record<string, string>

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'soen-further-'))
  await cp(join(snippets, 'training.yaml'), join(cwd, 'training.yaml'))
  // The address of the page belongs to the reader's own server; this one is the test's.
  env = { HOME: cwd, MLFLOW_TRACKING_URI: trackingUri, MLFLOW_EXPERIMENT_NAME: `further-${randomUUID()}` }
  const client = await init({ config: join(cwd, 'training.yaml'), env })
  reader = createReader(client)
  await client.close()
})
afterEach(() => rm(cwd, { recursive: true }))

async function runSnippet(name: string, more: Record<string, string> = {}): Promise<string> {
  const options = { cwd, env: { ...env, ...more, PATH: process.env['PATH'] } }
  return (await promisify(execFile)(process.execPath, [join(snippets, name)], options)).stdout
}

test('the pictures of the guide are there, with their steps', async () => {
  await runSnippet('log-media.ts')
  const [run] = await Array.fromAsync(reader.search())
  const files = await Array.fromAsync(reader.files(run?.id ?? ''), ({ path }) => path)
  for (const step of [0, 1, 2])
    expect(files.filter((path) => path.startsWith(`images/val~sample+step+${step}+`))).toHaveLength(2)
  expect(files).toEqual(
    expect.arrayContaining(['curve.html', 'predictions.json', 'histograms/weights/2.json']),
  )
})

test('the model of the guide is registered, and comes back', async () => {
  const name = `dendrite ${randomUUID()}`
  const told = await runSnippet('log-a-model.ts', { MODEL: name })
  const version = await getModelVersionByAlias(createTransport({ trackingUri }), { name, alias: 'champion' })
  expect(told).toContain(version.run_id)
  expect(await readFile(join(cwd, 'downloaded/model/epoch=0.ckpt'), 'utf8')).toContain('"a"')
})

test('the sweep of the guide finds the best, and alerts of what grows', async () => {
  expect(await runSnippet('sweep.ts')).toContain('"lr":0.5')
  const alerted = await Array.fromAsync(
    reader.search({ filter: "tags.`soen.alert` LIKE 'error%'" }),
    ({ params }) => params['lr'],
  )
  expect(alerted).toEqual(['2.5', '2.5'])
  expect(await Array.fromAsync(reader.search({ filter: 'metrics.`loss.min` < 1e-3' }))).toHaveLength(2)
})
