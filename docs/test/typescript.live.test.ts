import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, inject, onTestFinished, test } from 'vitest'

const run = promisify(execFile)
const snippets = fileURLToPath(new URL('../snippets', import.meta.url))

test('the TypeScript program of the guide logs a run with the block of the guide', async () => {
  const { trackingUri } = inject('mlflow')
  const cwd = await mkdtemp(join(tmpdir(), 'soen-teammate-page-'))
  onTestFinished(() => rm(cwd, { recursive: true }))
  await cp(join(snippets, 'training.yaml'), join(cwd, 'training.yaml'))
  const experiment = `guide-${cwd.split('-').at(-1)}`
  await run(process.execPath, [join(snippets, 'log-a-run.ts')], {
    cwd,
    // The page has the address of the reader's own server; this one is the test's.
    env: {
      PATH: process.env['PATH'],
      HOME: cwd,
      MLFLOW_TRACKING_URI: trackingUri,
      MLFLOW_EXPERIMENT_NAME: experiment,
    },
  })

  const api = `${trackingUri}/api/2.0/mlflow`
  const found = await fetch(`${api}/experiments/get-by-name?experiment_name=${experiment}`)
  const { experiment: created } = Object(await found.json())
  const search = await fetch(`${api}/runs/search`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ experiment_ids: [created.experiment_id] }),
  })
  const { runs } = Object(await search.json())
  expect(runs).toEqual([
    expect.objectContaining({
      info: expect.objectContaining({ run_name: 'straight-line', status: 'FINISHED' }),
      data: expect.objectContaining({
        params: expect.arrayContaining([{ key: 'learning_rate', value: '0.1' }]),
        metrics: [expect.objectContaining({ step: 99, value: expect.closeTo(0, 2) })],
      }),
    }),
  ])
})
