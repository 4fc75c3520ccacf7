import { existsSync, readdirSync } from 'node:fs'
import { mkdir, mkdtempDisposable, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ClientError } from '../errors/client-error.ts'
import { Client } from '../run/client.ts'
import type { Run } from '../run/run.ts'
import { resolveSettings } from '../settings/resolve-settings.ts'
import { startFakeMlflow, type FakeMlflow } from '../testing/fake-mlflow.ts'
import { testSettings } from '../testing/settings.ts'
import { readBook } from './checkpoint-book.ts'
import { SOENModelCheckpoint, type SOENModelCheckpointOptions } from './model-checkpoint.ts'
import { SafeMLFlowLogger } from './safe-mlflow-logger.ts'

let server: FakeMlflow
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>
let dir: string
let client: Client
let run: Run
let warnings: ClientError[]

beforeEach(async () => {
  warnings = []
  server = await startFakeMlflow()
  server.misbehave = removing
  folder = await mkdtempDisposable(join(tmpdir(), 'checkpoint-'))
  dir = join(folder.path, 'checkpoints')
  await mkdir(dir)
  client = new Client(testSettings(server.url, join(folder.path, 'spool'))).on('warn', () => {})
  run = client.startRun()
})
afterEach(async () => {
  await client.close({ timeoutMs: 100 })
  await server[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

/** The fake keeps everything: a removal is only recorded. */
function removing({ method }: { readonly method: string }): ReturnType<FakeMlflow['misbehave']> {
  return method === 'DELETE' ? { status: 200, body: {} } : undefined
}

const keeping = (options: Partial<SOENModelCheckpointOptions> = {}): SOENModelCheckpoint =>
  new SOENModelCheckpoint({
    run,
    client,
    dir,
    monitor: 'val_loss/total',
    onWarn: (warning) => warnings.push(warning),
    ...options,
  })

/** Atomically: on a busy machine a file could stay empty for two looks. */
async function save(name: string, content = name): Promise<string> {
  const path = join(dir, name)
  await writeFile(`${path}.tmp`, content)
  await rename(`${path}.tmp`, path)
  return path
}

/** What was uploaded (+) and removed (-), in order. */
const traffic = (): string[] =>
  server.requests
    .filter(({ method }) => ['PUT', 'DELETE'].includes(method))
    .map(
      ({ method, path }) =>
        `${method === 'PUT' ? '+' : '-'}${decodeURIComponent(path.split('/artifacts/').at(-1) ?? '')}`,
    )

test('uploads the best, side-car last, and removes the beaten, side-car first', async () => {
  const checkpoint = keeping({ topK: 2 })
  for (const [index, loss] of [0.5, 0.3, 0.4, 0.9].entries()) {
    const path = await save(`e${index}.ckpt`)
    await save(`e${index}.soen`)
    checkpoint.onSaved(path, { 'val_loss/total': loss })
  }
  await checkpoint.close()
  expect(traffic()).toEqual([
    '+checkpoints/e0.ckpt',
    '+checkpoints/e0.soen',
    '+checkpoints/e1.ckpt',
    '+checkpoints/e1.soen',
    '+checkpoints/e2.ckpt',
    '+checkpoints/e2.soen',
    '-checkpoints/e0.soen',
    '-checkpoints/e0.ckpt',
  ])
  await run.end()
  expect(server.runs.get('run0')?.tags.get('soen.best_checkpoint')).toBe('checkpoints/e1.ckpt')
  expect(existsSync(join(dir, 'e0.ckpt'))).toBe(true)
  expect(warnings).toEqual([])
})

test('uploads only the side-car that follows its checkpoint', async () => {
  const checkpoint = keeping()
  const path = await save('a.ckpt')
  checkpoint.onSaved(path, { val_loss_total: 1 })
  await save('a.ckpt.soen')
  checkpoint.onSaved(path, { val_loss_total: 1 })
  checkpoint.onSaved(path, { val_loss_total: 1 })
  await checkpoint.close()
  expect(traffic()).toEqual(['+checkpoints/a.ckpt', '+checkpoints/a.ckpt.soen'])
})

test('replaces a checkpoint that is saved under the same name', async () => {
  const checkpoint = keeping({ to: 'models/a b' })
  for (const [content, loss] of [
    ['one', 1],
    ['other', 2],
  ] as const)
    checkpoint.onSaved(await save('last.ckpt', content), { 'val_loss/total': loss })
  await checkpoint.close()
  expect(traffic()).toEqual(['+models/a b/last.ckpt', '+models/a b/last.ckpt'])
  expect(readBook(dir)?.checkpoints).toMatchObject([{ name: 'last.ckpt', score: 2 }])
})

test('keeps the latest beside the best, and the newest when no metric is named', async () => {
  const checkpoint = keeping({ saveLast: true })
  for (const [name, loss] of [
    ['a.ckpt', 1],
    ['b.ckpt', 2],
    ['c.ckpt', 3],
  ] as const)
    checkpoint.onSaved(await save(name), { 'val_loss/total': loss })
  await checkpoint.close()
  expect(readBook(dir)?.checkpoints.map(({ name }) => name)).toEqual(['a.ckpt', 'c.ckpt'])
  expect(traffic().at(-1)).toBe('-checkpoints/b.ckpt')

  const newest = keeping({ monitor: undefined, dir: join(folder.path, 'other') })
  await mkdir(join(folder.path, 'other'))
  for (const name of ['x.ckpt', 'y.ckpt']) {
    await writeFile(join(folder.path, 'other', name), name)
    newest.onSaved(join(folder.path, 'other', name))
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await newest.close()
  expect(readBook(join(folder.path, 'other'))?.checkpoints.map(({ name }) => name)).toEqual(['y.ckpt'])
})

test('goes on after a restart: the best of before still count, and the beaten of before are removed', async () => {
  const first = keeping()
  first.onSaved(await save('a.ckpt'), { 'val_loss/total': 1 })
  await first.close()
  const second = keeping()
  second.onSaved(await save('worse.ckpt'), { 'val_loss/total': 2 })
  second.onSaved(await save('better.ckpt'), { 'val_loss/total': 0.5 })
  await second.close()
  expect(traffic()).toEqual(['+checkpoints/a.ckpt', '+checkpoints/better.ckpt', '-checkpoints/a.ckpt'])
})

test('never removes what another run of the same folder keeps', async () => {
  const first = keeping()
  first.onSaved(await save('a.ckpt'), { 'val_loss/total': 1 })
  await first.close()
  const next = client.startRun()
  const second = new SOENModelCheckpoint({ run: next, client, dir, monitor: 'val_loss/total' })
  second.onSaved(await save('b.ckpt'), { 'val_loss/total': 0.5 })
  await second.close()
  expect(traffic()).toEqual(['+checkpoints/a.ckpt', '+checkpoints/b.ckpt'])
  expect(readBook(dir)).toMatchObject({ runId: 'run1', checkpoints: [{ name: 'b.ckpt' }] })
})

test('keeps and removes in a local store as on a server', async () => {
  const store = join(folder.path, 'mlruns')
  const spoolDir = join(folder.path, 'spool')
  const local = new Client(resolveSettings({ call: { trackingUri: `file://${store}`, spoolDir } }))
  const logged = local.startRun()
  const checkpoint = new SOENModelCheckpoint({ run: logged, client: local, dir, monitor: 'loss' })
  checkpoint.onSaved(await save('a.ckpt'), { loss: 2 })
  checkpoint.onSaved(await save('b.ckpt'), { loss: 1 })
  await checkpoint.close()
  await local.close()
  const { experimentId = '', runId = '' } = logged.remote ?? {}
  expect(readdirSync(join(store, experimentId, runId, 'artifacts', 'checkpoints'))).toEqual(['b.ckpt'])
})

describe('a server that is away', () => {
  test('gets all of it later, and a beaten checkpoint does not come back', async () => {
    server.misbehave = () => 503
    const checkpoint = keeping()
    checkpoint.onSaved(await save('a.ckpt'), { 'val_loss/total': 2 })
    checkpoint.onSaved(await save('b.ckpt'), { 'val_loss/total': 1 })
    await checkpoint.close({ timeoutMs: 10 })
    expect(traffic()).toEqual([])
    server.misbehave = removing
    await checkpoint.close()
    expect(traffic().filter((each) => !each.startsWith('+'))).toEqual(['-checkpoints/a.ckpt'])
    expect(traffic().at(-1)).toBe('-checkpoints/a.ckpt')
    expect(readBook(dir)?.removing).toEqual([])
  })

  test('that refuses a removal is asked again the next time, with one warning', async () => {
    server.misbehave = ({ method }) => (method === 'DELETE' ? 403 : undefined)
    const checkpoint = keeping()
    checkpoint.onSaved(await save('a.ckpt'), { 'val_loss/total': 2 })
    checkpoint.onSaved(await save('b.ckpt'), { 'val_loss/total': 1 })
    await checkpoint.close()
    await checkpoint.close()
    expect(warnings).toMatchObject([
      { code: 'SOEN_AUTH_REJECTED', message: expect.stringContaining('Removing') },
    ])
    server.misbehave = removing
    await checkpoint.close()
    expect(readBook(dir)?.removing).toEqual([])
  })
})

describe('never throws into the training', () => {
  test('for a file that is not there, or a metric that is no number', async () => {
    const checkpoint = keeping()
    checkpoint.onSaved(join(dir, 'missing.ckpt'), { 'val_loss/total': 1 })
    checkpoint.onSaved(await save('a.ckpt'), {})
    checkpoint.onSaved(await save('b.ckpt'), { 'val_loss/total': NaN })
    await checkpoint.close()
    expect(traffic()).toEqual([])
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringContaining('missing.ckpt'),
      'The checkpoint "a.ckpt" is not compared: its "val_loss/total" is missing.',
    ])
  })

  test('for a folder that would lead out of the artifacts', async () => {
    const checkpoint = keeping({ to: '../../other-run' })
    checkpoint.onSaved(await save('a.ckpt'), { 'val_loss/total': 1 })
    await checkpoint.close()
    expect(traffic()).toEqual([])
    expect(warnings).toMatchObject([{ message: expect.stringContaining('leaves the folder') }])
  })

  test('when logging is disabled: nothing happens, no file is written', async () => {
    const off = new Client({ active: false, reason: 'test' })
    const checkpoint = new SOENModelCheckpoint({ run: off.startRun(), client: off, dir })
    checkpoint.onSaved(await save('a.ckpt'))
    await checkpoint.close()
    expect([existsSync(join(dir, '.soen-checkpoints.json')), traffic()]).toEqual([false, []])
  })
})

describe('watches a folder that another program writes', () => {
  test('and takes what is complete, with the metrics that its name tells', async () => {
    const logger = new SafeMLFlowLogger({ client })
    const checkpoint = new SOENModelCheckpoint({ logger, dir, monitor: 'val_loss/total', topK: 1 })
    const watcher = checkpoint.watch({ pollMs: 10 })
    await save('epoch=0-val_loss_total=0.5.ckpt')
    await vi.waitFor(
      () => expect(traffic()).toEqual(['+checkpoints/epoch=0-val_loss_total=0.5.ckpt']),
      30_000,
    )
    await save('epoch=1-val_loss_total=0.3.ckpt')
    await save('epoch=1-val_loss_total=0.3.soen')
    await watcher.stop()
    await checkpoint.close()
    expect(traffic().slice(1)).toEqual([
      '+checkpoints/epoch=1-val_loss_total=0.3.ckpt',
      '+checkpoints/epoch=1-val_loss_total=0.3.soen',
      '-checkpoints/epoch=0-val_loss_total=0.5.ckpt',
    ])
    await logger.finalize()
  })

  test('and takes the last ones when it is closed', async () => {
    const checkpoint = keeping({ monitor: undefined, topK: -1 })
    checkpoint.watch({ pollMs: 5, metricsOf: () => ({}) })
    await mkdir(join(dir, 'fold-1'))
    await save(join('fold-1', 'a.ckpt'))
    await checkpoint.close()
    expect(traffic()).toEqual(['+checkpoints/fold-1/a.ckpt'])
  })

  test('that does not exist yet', async () => {
    await rm(dir, { recursive: true })
    const checkpoint = keeping({ monitor: undefined })
    const watcher = checkpoint.watch({ pollMs: 5 })
    await mkdir(dir)
    await save('a.ckpt')
    await watcher.stop()
    await checkpoint.close()
    expect(traffic()).toEqual(['+checkpoints/a.ckpt'])
  })
})
