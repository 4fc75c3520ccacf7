import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SharedMlflow } from '@soen/testbed'
import { expect, inject, test } from 'vitest'
import { createFileTransport } from '../local-store/file-transport.ts'
import { getMetricHistory } from '../rest/metrics.ts'
import { createTransport } from '../rest/transport.ts'
import { init } from './client.ts'

const { trackingUri }: SharedMlflow = inject('mlflow')

test.each(['server', 'file'] as const)(
  'two ranks that use two names for one curve each keep them apart, on a %s',
  async (target) => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'names-'))
    const uri = target === 'file' ? `file:${folder.path}/mlruns` : trackingUri
    const transport =
      target === 'file' ? createFileTransport(`${folder.path}/mlruns`) : createTransport({ trackingUri })
    const clients = await Promise.all(
      ['maker', 'rank 0', 'rank 1'].map((name) => {
        const spoolDir = join(folder.path, name)
        return init({ active: true, trackingUri: uri, experiment: 'names', spoolDir, env: {} })
      }),
    )
    const made = clients[0]?.startRun()
    await made?.flush()
    const runId = made?.remote?.runId ?? ''
    const ranks = clients.slice(1).map((client) => client.startRun({ runId }))
    for (const step of [0, 1, 2]) {
      for (const [rank, run] of ranks.entries()) {
        const [first, second] = rank === 0 ? ['val/loss', 'val_loss'] : ['val_loss', 'val/loss']
        run.log({ [first ?? '']: first === 'val/loss' ? 1 : 2 }, { step: 10 * rank + step })
        await run.flush()
        run.log({ [second ?? '']: second === 'val/loss' ? 1 : 2 }, { step: 10 * rank + step })
      }
      await Promise.all(ranks.map((run) => run.flush()))
    }
    await Promise.all(ranks.map((run) => run.end()))
    await Promise.all(clients.map((client) => client.close()))
    const valuesOf = async (key: string): Promise<number[]> =>
      (await Array.fromAsync(getMetricHistory(transport, { runId, key }))).map(({ value }) => value)
    expect(await valuesOf('val_loss')).toEqual(Array.from({ length: 6 }, () => 1))
    expect(await valuesOf('val_loss_2')).toEqual(Array.from({ length: 6 }, () => 2))
  },
)
