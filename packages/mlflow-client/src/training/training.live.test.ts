import { randomUUID } from 'node:crypto'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { createReader } from '../read/reader.ts'
import { Client } from '../run/client.ts'
import { testSettings } from '../testing/settings.ts'
import { defineMetrics } from './metric-log.ts'
import { readBest } from './read-best.ts'

const { trackingUri } = inject('mlflow')

test.each(['server', 'folder'])(
  'a resumed run goes on with its steps and its best values, in a %s',
  async (kind) => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'training-'))
    const inServer = testSettings(trackingUri, join(folder.path, 'spool'), {
      experiment: `training ${randomUUID()}`,
    })
    const path = join(folder.path, 'mlruns')
    const inFolder = {
      ...inServer,
      target: 'file',
      trackingUri: `file://${path}`,
      path,
      credentials: undefined,
    } as const
    const settings = kind === 'server' ? inServer : inFolder
    const resumeKey = 'job 1'
    expect(await readBest({ settings }, { resumeKey })).toEqual({})
    for (const losses of [
      [3, 0.5, 2],
      [0.7, 0.6],
    ]) {
      await using client = new Client(settings)
      const earlier = await readBest(client, { resumeKey })
      const run = client.startRun({ resumeKey })
      const metrics = defineMetrics(run, { 'val/loss': 'min' }, { automaticSteps: true, earlier })
      for (const loss of losses) metrics.log({ 'val/loss': loss })
      expect(await run.end()).toMatchObject({ spooled: 0, dropped: 0, skipped: 0 })
    }
    const reader = createReader({ settings })
    const [run] = await Array.fromAsync(reader.search({ filter: 'metrics.`val_loss.min` < 1' }))
    expect(run?.metrics).toEqual({ val_loss: 0.6, 'val_loss.min': 0.5 })
    const points = await Array.fromAsync(reader.history(run?.id ?? '', 'val_loss'), ({ step, value }) => [
      step,
      value,
    ])
    expect(points).toEqual([
      [0, 3],
      [1, 0.5],
      [2, 2],
      [3, 0.7],
      [4, 0.6],
    ])
  },
)
