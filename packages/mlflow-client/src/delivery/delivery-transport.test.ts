import { existsSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createExperiment, getExperimentByName } from '../rest/experiments.ts'
import { startFakeMlflow } from '../testing/fake-mlflow.ts'
import { testSettings } from '../testing/settings.ts'
import { deliveryTransport } from './delivery-transport.ts'

test('leads to a server, by the given fetch', async () => {
  await using server = await startFakeMlflow()
  const seen: string[] = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    seen.push(new Request(input).url)
    return await globalThis.fetch(input, init)
  }
  const transport = deliveryTransport(testSettings(server.url, '/none'), { fetch })
  expect(await getExperimentByName(transport, 'none')).toBeUndefined()
  expect(seen).toEqual([expect.stringContaining('/experiments/get-by-name')])
})

test('leads to a folder, which is made with the first call', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'target-'))
  const path = join(folder.path, 'mlruns')
  const settings = {
    ...testSettings(`file://${path}`, '/none'),
    target: 'file',
    path,
    credentials: undefined,
  } as const
  const transport = deliveryTransport(settings)
  expect(transport.trackingUri).toBe(`file://${path}`)
  expect(existsSync(path)).toBe(false)
  const [id] = await Promise.all([createExperiment(transport, 'x'), getExperimentByName(transport, 'y')])
  expect(await getExperimentByName(transport, 'x')).toMatchObject({ experiment_id: id })
})
