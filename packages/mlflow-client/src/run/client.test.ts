import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, mkdtempDisposable, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ClientError } from '../errors/client-error.ts'
import { startFakeMlflow, type FakeMlflow, type FakeRun } from '../testing/fake-mlflow.ts'
import { testSettings } from '../testing/settings.ts'
import { Client, init, type StateChange, type UploadProgress } from './client.ts'

let server: FakeMlflow
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>
let client: Client
let warnings: ClientError[]
let states: StateChange[]

beforeEach(async () => {
  server = await startFakeMlflow()
  folder = await mkdtempDisposable(join(tmpdir(), 'client-'))
  client = listening(new Client(testSettings(server.url, join(folder.path, 'spool'))))
})
afterEach(async () => {
  await client.close({ timeoutMs: 100 })
  await server[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

function listening(made: Client): Client {
  warnings = []
  states = []
  return made.on('warn', (warning) => warnings.push(warning)).on('state', (change) => states.push(change))
}

function onlyRun(): FakeRun {
  expect(server.runs.size).toBe(1)
  const [run] = server.runs.values()
  if (run === undefined) throw new Error('no run')
  return run
}

function spooled(): string[] {
  const spool = join(folder.path, 'spool')
  return existsSync(spool) ? readdirSync(spool).filter((name) => !name.startsWith('server-')) : []
}

describe('a run', () => {
  test('arrives whole, and leaves nothing behind', async () => {
    const run = client.startRun({
      name: 'r1',
      project: 'p',
      seed: 3,
      params: { model: { depth: 4 } },
      tags: { own: 'x' },
      description: '# What',
    })
    await writeFile(join(folder.path, 'a b.bin'), 'bytes')
    run.artifact(join(folder.path, 'a b.bin'), { to: 'files' })
    run.artifact(join(folder.path, 'a b.bin'), { as: 'other' })
    run.text('', 'empty.txt')
    for (let step = 0; step < 1500; step += 1) run.log({ 'val/loss': step }, { step })
    const receipt = await run.end()

    const { tags, params, metrics, status, endTime } = onlyRun()
    expect(Object.fromEntries(tags)).toMatchObject({
      'mlflow.runName': 'r1',
      'mlflow.user': 'ann',
      'mlflow.note.content': '# What',
      'soen.client_run_id': run.id,
      'soen.project': 'p',
      'soen.seed': '3',
      'soen.metric_names': '{"val_loss":"val/loss"}',
      own: 'x',
    })
    expect(Object.fromEntries(params)).toEqual({ 'model.depth': '4' })
    expect(metrics.map(({ step }) => step)).toEqual(Array.from({ length: 1500 }, (_, step) => step))
    expect([status, typeof endTime]).toEqual(['FINISHED', 'number'])
    expect([...server.artifacts].map(([path, bytes]) => [path, bytes.toString()])).toEqual([
      ['1/run0/artifacts/files/a b.bin', 'bytes'],
      ['1/run0/artifacts/other', 'bytes'],
      ['1/run0/artifacts/empty.txt', ''],
    ])
    expect(receipt).toMatchObject({ accepted: 1506, delivered: 1506, spooled: 0, dropped: 0, warnings: [] })
    expect(run.url).toBe(`${server.url}/#/experiments/1/runs/run0`)
    expect(spooled()).toEqual([])
  })

  test('sends metrics by the thousand and artifacts with their length', async () => {
    const run = client.startRun()
    for (let step = 0; step < 2500; step += 1) run.log({ a: step }, { step })
    run.text('text', 'x.txt')
    await run.end()
    const sizes = server.requests.flatMap(({ json }) =>
      json.metrics === undefined ? [] : [json.metrics.length],
    )
    expect(Math.max(...sizes)).toBe(1000)
    expect(server.requests.find(({ method }) => method === 'PUT')?.headers['content-length']).toBe('4')
  })

  test('ends once, and takes nothing afterwards', async () => {
    const run = client.startRun()
    const first = await run.end({ status: 'FAILED' })
    run.log({ late: 1 })
    run.params({ late: 1 })
    run.text('late', 'late.txt')
    const second = await run.end()
    expect(onlyRun().status).toBe('FAILED')
    expect(second).toMatchObject({ accepted: first.accepted + 3, dropped: 3, spooled: 0 })
    expect(warnings.map(({ code }) => code)).toEqual(Array.from({ length: 3 }, () => 'SOEN_ITEM_REFUSED'))
  })

  test('never throws into the training, whatever it is given', async () => {
    const run = client.startRun()
    const untyped: Record<string, number> = JSON.parse('{"a": "text", "b": 1}')
    run.log(untyped)
    run.log(JSON.parse('null'))
    run.log({ c: 1 }, { step: 0.5 })
    run.log({ c: 1 }, { step: 1.5 })
    run.artifact('/no/such/file')
    run.artifact('')
    run.text('x', '../outside')
    const receipt = await run.end()
    expect(receipt).toMatchObject({ dropped: 7, spooled: 0 })
    expect(onlyRun().metrics.map(({ key }) => key)).toEqual(['b'])
    expect(new Set(warnings.map(({ code }) => code))).toEqual(new Set(['SOEN_ITEM_REFUSED']))
  })

  test('cuts what MLflow would cut silently, and says so; a long description is also a file', async () => {
    const run = client.startRun({ description: 'x'.repeat(9000), params: { long: 'y'.repeat(7000) } })
    await run.end()
    expect(onlyRun().tags.get('mlflow.note.content')).toHaveLength(8000)
    expect(onlyRun().tags.get('mlflow.note.content')).toContain('`notes/description.md`')
    expect(onlyRun().params.get('long')).toHaveLength(6000)
    expect(server.artifacts.get('1/run0/artifacts/notes/description.md')).toHaveLength(9000)
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringContaining('"long" has 7000 characters'),
    ])
  })

  test('uploads a folder with all that is in it, and tells how far each file is', async () => {
    await mkdir(join(folder.path, 'out/plots'), { recursive: true })
    await writeFile(join(folder.path, 'out/model'), 'weights')
    await writeFile(join(folder.path, 'out/plots/a.svg'), '<svg/>')
    const told: UploadProgress[] = []
    client.on('progress', (upload) => told.push(upload))
    const run = client.startRun({ name: 'r1' })
    run.artifact(join(folder.path, 'out'), { to: 'results', as: 'last' })
    expect(await run.end()).toMatchObject({ accepted: 2, delivered: 2 })
    expect([...server.artifacts.keys()].toSorted(byText)).toEqual([
      '1/run0/artifacts/results/last/model',
      '1/run0/artifacts/results/last/plots/a.svg',
    ])
    expect(told).toContainEqual({ run: 'r1', path: 'results/last/model', sentBytes: 7, totalBytes: 7 })
    expect(told).toHaveLength(4)
  })

  test('logs how its machine does when the environment asks for it, until it ends', async () => {
    const env = {
      MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING: 'true',
      MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL: '0.005',
      MLFLOW_TRACKING_URI: server.url,
      SOEN_SPOOL_DIR: join(folder.path, 'spool'),
    }
    const watching = listening(await init({ env }))
    const quiet = watching.startRun({ name: 'quiet', systemMetrics: false })
    const run = watching.startRun({ name: 'watched' })
    const named = (name: string) =>
      [...server.runs.values()].find(({ tags }) => tags.get('mlflow.runName') === name)
    const steps = () =>
      named('watched')?.metrics.flatMap(({ key, step }) =>
        key === 'system/disk_usage_megabytes' ? [step] : [],
      ) ?? []
    while (steps().length < 3) {
      await setTimeout(5)
      await run.flush()
    }
    await Promise.all([run.end(), quiet.end()])
    await watching.close()
    expect(steps().slice(0, 3)).toEqual([0, 1, 2])
    expect(named('quiet')?.metrics).toEqual([])
    expect(warnings).toEqual([])
  })

  test('is ended by `await using`', async () => {
    {
      await using run = client.startRun()
      run.log({ a: 1 })
    }
    expect(onlyRun().status).toBe('FINISHED')
  })
})

test('a file that vanished before it could be uploaded is reported, and holds up nothing', async () => {
  // Without the folder no hard link is possible, as across file systems.
  const path = join(folder.path, 'gone.ckpt')
  await writeFile(path, 'weights')
  const run = client.startRun()
  await rm(join(run.journalFolder ?? '', 'uploads'), { recursive: true })
  run.artifact(path)
  await rm(path)
  run.log({ a: 1 })
  expect(await run.end()).toMatchObject({ delivered: 1, dropped: 1, spooled: 0 })
  expect(warnings[0]).toMatchObject({
    code: 'SOEN_ITEM_REJECTED',
    message: expect.stringContaining('gone.ckpt'),
  })
})

test('keeps the password out of journal, warnings and states, also when the server refuses it', async () => {
  const credentials = { kind: 'basic', username: 'ann', password: 's3cret' } as const
  const spoolDir = join(folder.path, 'spool')
  const made = listening(new Client(testSettings(server.url, spoolDir, { credentials })))
  server.misbehave = () => 401
  const run = made.startRun()
  run.log({ a: 1 })
  await run.end({ timeoutMs: 50 })
  await made.close({ timeoutMs: 10 })
  const files = readdirSync(spoolDir, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  expect(files.length).toBeGreaterThan(1)
  const written = files.map((file) => readFileSync(join(file.parentPath, file.name), 'utf8')).join('')
  const told = [...warnings, ...states].map((each) => inspect(each, { depth: 9 })).join('')
  expect(told).toContain('SOEN_AUTH_REJECTED')
  for (const secret of ['s3cret', Buffer.from('ann:s3cret').toString('base64')]) {
    expect(written + told).not.toContain(secret)
  }
})

test('warns on stderr, as Node does, when nobody listens', async () => {
  const quiet = new Client(testSettings(server.url, join(folder.path, 'spool')))
  const warned = once(process, 'warning')
  const run = quiet.startRun()
  run.log({ a: 1 }, { step: 0.5 })
  expect(await warned).toMatchObject([{ name: 'SoenWarning', code: 'SOEN_ITEM_REFUSED' }])
  await run.end()
  await quiet.close()
})

describe('disabled', () => {
  test('does nothing at all: no file, no request, no listener', async () => {
    const listeners = process.listenerCount('exit')
    const off = await init({
      config: { logging: { mlflow_active: false } },
      env: { SOEN_SPOOL_DIR: folder.path },
    })
    const run = off.startRun({ name: 'x', params: { a: 1 } })
    run.log({ a: 1 })
    run.artifact('/no/such/file')
    run.note('x')
    expect(await run.end()).toMatchObject({ accepted: 0, warnings: [] })
    await off.close()
    expect([off.mode, run.url, run.journalFolder]).toEqual(['disabled', undefined, undefined])
    expect(process.listenerCount('exit')).toBe(listeners)
    expect(readdirSync(folder.path)).toEqual([])
    expect(server.requests).toEqual([])
  })
})

test('reads a training file, and lets go of the process when closed', async () => {
  const path = join(folder.path, 'train.yaml')
  const url = server.url.replace('http://', 'http://ann:pw@')
  await writeFile(path, `logging:\n  mlflow_active: true\n  mlflow_tracking_uri: ${url}\n`)
  const listeners = process.listenerCount('exit')
  const made = listening(await init({ config: path, env: {}, spoolDir: join(folder.path, 'spool') }))
  const run = made.startRun()
  await run.end()
  await made.close()
  expect(process.listenerCount('exit')).toBe(listeners)
  expect(onlyRun().tags.get('mlflow.user')).toBe('ann')
  expect(server.requests[0]?.headers.authorization).toBe(`Basic ${Buffer.from('ann:pw').toString('base64')}`)
})

function byText(a: string, b: string): number {
  return a.localeCompare(b)
}
