import { randomBytes, randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { Client } from '../run/client.ts'
import type { RemoteSettings } from '../settings/settings.ts'
import { testSettings } from '../testing/settings.ts'
import { createReader, type Reader } from './reader.ts'

const { trackingUri } = inject('mlflow')
const points = 30_000
const bytes = randomBytes(3_000_000)
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>
beforeAll(async () => {
  folder = await mkdtempDisposable(join(tmpdir(), 'read-live-'))
})
afterAll(() => folder[Symbol.asyncDispose]())

function settingsOf(kind: string): RemoteSettings {
  const settings = testSettings(trackingUri, join(folder.path, 'spool'), {
    experiment: `read ${randomUUID()}`,
  })
  if (kind === 'server') return settings
  const path = join(folder.path, 'mlruns')
  return { ...settings, target: 'file', trackingUri: `file://${path}`, path, credentials: undefined }
}

async function fill(client: Client): Promise<string> {
  const model = join(folder.path, 'model')
  mkdirSync(join(model, 'deep'), { recursive: true })
  writeFileSync(join(model, 'weights.bin'), bytes)
  writeFileSync(join(model, 'deep', 'größe #1%41.txt'), 'text')
  let id = ''
  for (let index = 0; index < 12; index += 1) {
    const run = client.startRun({
      name: `run ${index}`,
      params: { depth: index },
      tags: { kind: index % 2 === 0 ? 'even' : 'odd' },
    })
    run.log({ loss: index / 10 }, { step: 0 })
    if (index === 3) {
      for (let step = 0; step < points; step += 1) run.log({ long: Math.sin(step) }, { step })
      run.artifact(model)
      run.input({ name: 'mnist', source: '/data', digest: 'd1' })
    }
    expect(await run.end()).toMatchObject({ spooled: 0, dropped: 0 })
    if (index === 3) id = run.remote?.runId ?? ''
  }
  return id
}

const namesOf = async (reader: Reader, query: Parameters<Reader['search']>[0]): Promise<string[]> =>
  await Array.fromAsync(reader.search(query), ({ name }) => name)

describe.each(['server', 'folder'])('from a %s', (kind) => {
  let reader: Reader
  let id: string
  beforeAll(async () => {
    await using client = new Client(settingsOf(kind))
    id = await fill(client)
    reader = createReader(client)
  })

  test('runs are found by filter, in order', async () => {
    expect(
      await namesOf(reader, {
        filter: "metrics.loss >= 0.5 and tags.kind = 'odd'",
        orderBy: ['metrics.loss DESC'],
      }),
    ).toEqual(['run 11', 'run 9', 'run 7', 'run 5'])
    expect(await namesOf(reader, undefined)).toHaveLength(12)
    expect(await namesOf(reader, { experiments: [`none ${randomUUID()}`] })).toEqual([])
    await expect(namesOf(reader, { filter: 'nonsense' })).rejects.toMatchObject({
      errorCode: 'INVALID_PARAMETER_VALUE',
    })
  })

  test('a run tells what it holds', async () => {
    const run = await reader.run(id)
    expect(run).toMatchObject({
      id,
      name: 'run 3',
      status: 'FINISHED',
      metrics: { loss: 0.3 },
      params: { depth: '3' },
      tags: { kind: 'odd' },
      datasets: [{ name: 'mnist', digest: 'd1' }],
    })
    expect(Number(run.endedAt)).toBeGreaterThanOrEqual(Number(run.startedAt))
  })

  test('a history comes whole, also among those of several runs', async () => {
    const whole = Array.from({ length: points }, (_, step) => [step, Math.sin(step)])
    const history = await Array.fromAsync(reader.history(id, 'long'), ({ step, value }) => [step, value])
    expect(history).toEqual(whole)
    const runs = await Array.fromAsync(reader.search(), ({ id: each }) => each)
    const long = await Array.fromAsync(reader.histories(runs, 'long'), ({ runId, step }) => [runId, step])
    expect(long).toEqual(whole.map(([step]) => [id, step]))
    const losses = await Array.fromAsync(reader.histories(runs, 'loss'), ({ runId }) => runId)
    expect(losses.toSorted()).toEqual(runs.toSorted())
  })

  test('artifacts are listed, and downloaded byte by byte', async () => {
    const files = await Array.fromAsync(reader.files(id), ({ path }) => path)
    expect(files.toSorted()).toEqual(['model/deep/größe _1_41.txt', 'model/weights.bin'])
    const to = join(folder.path, kind)
    expect(await reader.download(id, 'model/weights.bin', to)).toEqual([join(to, 'model/weights.bin')])
    expect(readFileSync(join(to, 'model/weights.bin')).equals(bytes)).toBe(true)
    expect(await reader.download(id, 'model', to)).toEqual(files.toSorted().map((path) => join(to, path)))
    expect(readFileSync(join(to, 'model/deep/größe _1_41.txt'), 'utf8')).toBe('text')
    await expect(reader.download(id, 'none', to)).rejects.toMatchObject({
      errorCode: 'RESOURCE_DOES_NOT_EXIST',
    })
  })
})
