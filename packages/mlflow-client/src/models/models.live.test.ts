import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { launchChromium, type SharedMlflow } from '@soen/testbed'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { Client } from '../run/client.ts'
import { testSettings } from '../testing/settings.ts'
import { logModel, type Model } from './log-model.ts'
import { registerModel } from './register-model.ts'

const { trackingUri, python }: SharedMlflow = inject('mlflow')
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>
let client: Client
beforeAll(async () => {
  folder = await mkdtempDisposable(join(tmpdir(), 'models-live-'))
  client = new Client(testSettings(trackingUri, join(folder.path, 'spool'), { experiment: 'models' }))
})
afterAll(async () => {
  await client.close()
  await folder[Symbol.asyncDispose]()
})

/** The files of a model. */
function train(): Model {
  const files = join(folder.path, 'weights.bin')
  writeFileSync(files, 'the weights')
  return {
    files,
    signature: {
      inputs: [{ name: 'x', dtype: 'float32', shape: [-1, 3] }],
      outputs: [{ name: 'y', type: 'double' }],
    },
    metadata: { größe: 3 },
  }
}

test('a model is logged and registered, and Python reads it by its alias', async () => {
  const run = client.startRun({ name: 'trained' })
  logModel(run, train())
  const name = `dendrite ${randomUUID()}`
  const registration = { name, aliases: ['champion'], tags: { by: 'test' }, description: 'The best.' }
  expect(await registerModel(client, run, registration)).toEqual({ name, version: '1' })
  // A program that was killed in between repeats it.
  expect(await registerModel(client, run.remote?.runId ?? '', registration)).toEqual({ name, version: '1' })
  const next = client.startRun({ name: 'trained again' })
  expect(await registerModel(client, next, { name, model: train() })).toEqual({ name, version: '2' })
  await next.end()
  await run.end()

  const script = join(import.meta.dirname, '../testing/read_model.py')
  const env = { PATH: process.env['PATH'], MLFLOW_DISABLE_TELEMETRY: 'true' }
  const { stdout } = await promisify(execFile)(python, [script, trackingUri, name, 'champion'], {
    env,
    cwd: folder.path,
  })
  expect(JSON.parse(stdout)).toEqual({
    version: '1',
    status: 'READY',
    run_id: run.remote?.runId,
    tags: { by: 'test' },
    flavors: { soen: { data: 'weights.bin' } },
    metadata: { größe: 3 },
    inputs: [{ name: 'x', type: 'tensor', 'tensor-spec': { dtype: 'float32', shape: [-1, 3] } }],
    outputs: [{ name: 'y', type: 'double', required: true }],
    from_run: true,
    weights: 'the weights',
  })
})

test("MLflow's page shows the model among the artifacts and the version in the registry", async () => {
  const run = client.startRun({ name: 'trained' })
  const name = `shown ${randomUUID()}`
  await registerModel(client, run, { name, model: train(), description: 'The best.' })
  await run.end()
  const browser = await launchChromium()
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } })
    page.setDefaultTimeout(120_000)
    await page.goto(`${run.url}/artifacts`)
    await page.getByText('MLmodel', { exact: true }).first().waitFor()
    await page.goto(`${trackingUri}/#/models/${encodeURIComponent(name)}/versions/1`)
    await page.getByText('The best.').waitFor()
    const link = page.getByRole('link', { name: 'trained' })
    await link.waitFor()
    expect(await link.count()).toBe(1)
  } finally {
    await browser.close()
  }
})

test('what is not on the server is not registered', async () => {
  const run = client.startRun({ name: 'nothing' })
  await expect(registerModel(client, run, { name: `none ${randomUUID()}` })).rejects.toThrow(
    'no whole model at model',
  )
  await run.end()
})
