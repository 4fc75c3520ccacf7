import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, inject, onTestFinished, test } from 'vitest'

const run = promisify(execFile)
const script = fileURLToPath(new URL('../snippets/log_a_run.py', import.meta.url))

test('the Python script of the guide logs a run and reads it back', async () => {
  const { python, trackingUri } = inject('mlflow')
  const cwd = await mkdtemp(join(tmpdir(), 'soen-python-page-'))
  onTestFinished(() => rm(cwd, { recursive: true }))
  const { stdout } = await run(python, [script], {
    cwd,
    env: {
      PATH: process.env['PATH'],
      HOME: cwd,
      MLFLOW_TRACKING_URI: trackingUri,
      MLFLOW_TRACKING_USERNAME: 'ann',
      MLFLOW_TRACKING_PASSWORD: 'a password',
    },
  })
  const [, runId = '', loss] = /^run (\w{32}) loss (\S+)$/m.exec(stdout) ?? []
  expect(Number(loss)).toBeLessThan(0.01)

  const response = await fetch(`${trackingUri}/api/2.0/mlflow/runs/get?run_id=${runId}`)
  expect(await response.json()).toMatchObject({
    run: {
      info: { run_name: 'straight-line', status: 'FINISHED' },
      data: { params: expect.arrayContaining([{ key: 'learning_rate', value: '0.1' }]) },
    },
  })
})
