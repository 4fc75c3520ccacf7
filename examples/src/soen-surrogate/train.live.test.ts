import { execFile } from 'node:child_process'
import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createTransport, downloadArtifact, getMetricHistory, getRun } from '@soen/mlflow-client/rest'
import type { SharedMlflow } from '@soen/testbed'
import { expect, inject, test } from 'vitest'

const { trackingUri }: SharedMlflow = inject('mlflow')
const program = join(import.meta.dirname, 'train.ts')

test('logs a whole training: curves, parameters, tags, description and a checkpoint with its side-car', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'train-'))
  const config = join(folder.path, 'train.yaml')
  await writeFile(
    config,
    [
      `logging: {mlflow_active: true, mlflow_tracking_uri: '${trackingUri}', team_member: ann}`,
      'training: {samples: 300, hidden: [8], epochs: 5}',
    ].join('\n'),
  )
  const out = join(folder.path, 'out')
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [program, '--config', config, '--out', out, '--json'],
    { env: { SOEN_SPOOL_DIR: join(folder.path, 'spool') } },
  )
  const result = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
  expect(result.receipt).toMatchObject({ spooled: 0, dropped: 0, warnings: [] })

  const transport = createTransport({ trackingUri })
  const { info, data } = await getRun(transport, result.runId)
  expect(info).toMatchObject({ status: 'FINISHED', run_name: result.name })
  expect(pairs(data.params)).toMatchObject({ 'training.epochs': '5', 'model.sizes': '[5,8,1]' })
  expect(pairs(data.tags)).toMatchObject({
    'soen.project': 'soen-surrogate',
    'soen.member': 'ann',
    'soen.seed': '7',
    'soen.repeat': '0',
    'soen.metric_names': JSON.stringify({
      train_loss_total: 'train_loss/total',
      val_loss_total: 'val_loss/total',
    }),
    'mlflow.note.content': expect.stringContaining('# Surrogate'),
  })

  const losses = await Array.fromAsync(
    getMetricHistory(transport, { runId: result.runId, key: 'val_loss_total' }),
  )
  expect(losses).toHaveLength(5)
  expect(losses.at(-1)?.value).toBe(result.metrics['val_loss/total'])
  expect(losses.at(-1)?.value).toBeLessThan(losses[0]?.value ?? 0)

  for (const name of ['model.ckpt', 'model.soen']) {
    const path = `checkpoints/${name}`
    const response = await downloadArtifact(transport, { artifactUri: info.artifact_uri ?? '', path })
    expect(Buffer.from(await response.arrayBuffer())).toEqual(await readFile(join(out, result.name, name)))
  }
})

function pairs(list: readonly { key: string; value: unknown }[] = []): Record<string, unknown> {
  return Object.fromEntries(list.map(({ key, value }) => [key, value]))
}
