import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { readCheckpoint } from './checkpoint.ts'

const run = promisify(execFile)
const program = join(import.meta.dirname, 'train.ts')
const small = 'training: {samples: 100, hidden: [6], epochs: 3}'

async function train(folder: string, yaml: string, ...flags: readonly string[]): Promise<string[]> {
  const config = join(folder, 'train.yaml')
  await writeFile(config, yaml)
  const args = [program, '--config', config, '--out', join(folder, 'out'), '--json', ...flags]
  // A separate environment, so that no server of the developer's is reached.
  const { stdout } = await run(process.execPath, args, {
    env: { SOEN_SPOOL_DIR: join(folder, 'spool'), MLFLOW_HTTP_REQUEST_MAX_RETRIES: '0' },
  })
  return stdout.trim().split('\n')
}

test('trains without logging when the file has no logging block', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'train-'))
  const lines = await train(folder.path, small)
  const result = JSON.parse(lines.at(-1) ?? '')
  expect(result).toMatchObject({ runId: null, receipt: { accepted: 0 }, logCall: { calls: 3 * 3 + 3 } })
  expect(readCheckpoint(join(folder.path, 'out', result.name, 'model.ckpt')).state.epoch).toBe(3)
  expect(readdirSync(folder.path)).not.toContain('spool')
})

test('trains to the end without a server, and says where the journal is', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'train-'))
  const logging = "logging: {mlflow_active: true, mlflow_tracking_uri: 'http://127.0.0.1:9'}"
  const lines = await train(folder.path, `${logging}\n${small}`)
  const { receipt } = JSON.parse(lines.at(-1) ?? '')
  expect(receipt).toMatchObject({ delivered: 0, dropped: 0, spooled: receipt.accepted })
  expect(lines.at(-2)).toContain(join(folder.path, 'spool'))
})

test('goes on from a checkpoint to the place it would have reached', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'train-'))
  const atOnce = metricsOf(await train(folder.path, small))
  await train(folder.path, small, '--stop-after', '1')
  const [name = ''] = readdirSync(join(folder.path, 'out'))
  const resumed = metricsOf(
    await train(folder.path, small, '--resume', join(folder.path, 'out', name, 'model.ckpt')),
  )
  expect(resumed).toEqual(atOnce)
})

test('ends with one clear sentence when the file is wrong', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'train-'))
  const wrong = train(folder.path, 'logging: {mlflow_pasword: x}')
  await expect(wrong).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Did you mean "mlflow_password"?'),
  })
})

function metricsOf(lines: readonly string[]): unknown {
  return JSON.parse(lines.at(-1) ?? '').metrics
}
