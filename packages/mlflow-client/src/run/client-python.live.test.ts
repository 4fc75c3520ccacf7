import { randomUUID } from 'node:crypto'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { bridgeToSocket, startMlflow, startPostgres, type SharedMlflow } from '@soen/testbed'
import { toPythonFloat } from '../local-store/python-float.ts'
import { readByPython } from '../testing/python-store.ts'
import { init } from './client.ts'

const { python, trackingUri }: SharedMlflow = inject('mlflow')
const values = { nan: NaN, inf: Infinity, minus: -Infinity, sum: 0.1 + 0.2, tiny: 1e-300, whole: 3 }
const steps = [Number.MIN_SAFE_INTEGER, -5, 0, 1, Number.MAX_SAFE_INTEGER]

/** Values that SQL has no number for. */
const inSql: Readonly<Record<string, string>> = {
  inf: '1.7976931348623157e+308',
  '-inf': '-1.7976931348623157e+308',
}

interface Place extends AsyncDisposable {
  readonly uri: string
}

async function sqlite(): Promise<Place> {
  return { uri: trackingUri, [Symbol.asyncDispose]: async () => {} }
}

async function postgres(): Promise<Place> {
  await using stack = new AsyncDisposableStack()
  const database = stack.use(await startPostgres())
  const mlflow = stack.use(await startMlflow({ backendStoreUri: await database.createDatabase('mlflow') }))
  const { url } = stack.use(await bridgeToSocket(mlflow.socketPath))
  const started = stack.move()
  return { uri: url, [Symbol.asyncDispose]: () => started.disposeAsync() }
}

async function folderWithSpace(): Promise<Place> {
  const folder = await mkdtempDisposable(join(tmpdir(), 'mlruns '))
  const dispose = (): Promise<void> => folder[Symbol.asyncDispose]()
  return { uri: `file://${encodeURI(join(folder.path, 'mlruns'))}`, [Symbol.asyncDispose]: dispose }
}

test.each([
  { name: 'SQLite', open: sqlite, isSql: true },
  { name: 'PostgreSQL', open: postgres, isSql: true },
  { name: 'a folder', open: folderWithSpace, isSql: false },
])('what Python reads back from $name equals what was logged', async ({ open, isSql }) => {
  await using place = await open()
  await using folder = await mkdtempDisposable(join(tmpdir(), 'python-'))
  const experiment = `Größe 损失 ${randomUUID()}`
  const client = await init({
    trackingUri: place.uri,
    experiment,
    member: 'ann',
    spoolDir: folder.path,
    keepSlashes: true,
    env: { HOME: folder.path },
  })
  const run = client.startRun({
    name: 'Läufer 🏃',
    params: { 'große zahl': 2 ** 53, nested: { list: [1, 'ü'] }, text: 'line\nbreak "quoted" 🙂' },
    tags: { 'team:key': 'wert' },
    description: '# Überschrift\n\n`code`',
  })
  for (const step of steps) run.log(values, { step })
  run.log({ 'Größe/损失': 1 })
  run.input({ name: 'Daten ü', digest: 'd1', source: '/data/x', sourceType: 'local' }, { context: 'train' })
  const child = run.child({ name: 'fold 1' })
  child.log({ acc: 0.5 })
  expect(await child.end({ status: 'FAILED' })).toMatchObject({ spooled: 0, dropped: 0 })
  expect(await run.end()).toMatchObject({ spooled: 0, dropped: 0 })
  await client.close()

  const runs = await readByPython(python, place.uri, experiment)
  const parentId = run.remote?.runId ?? ''
  expect(Object.keys(runs)).toHaveLength(2)
  const read = runs[parentId]
  expect(read).toMatchObject({
    name: 'Läufer 🏃',
    status: 'FINISHED',
    params: {
      'große zahl': '9007199254740992',
      'nested.list': '[1,"ü"]',
      text: 'line\nbreak "quoted" 🙂',
    },
    tags: {
      'team:key': 'wert',
      'mlflow.note.content': '# Überschrift\n\n`code`',
      'mlflow.user': 'ann',
    },
    inputs: [{ name: 'Daten ü', digest: 'd1', tags: { 'mlflow.data.context': 'train' } }],
  })
  for (const [key, value] of Object.entries(values)) {
    const points = read?.metrics[key]?.map(([step, , text]) => [step, text])
    const text = toPythonFloat(value)
    expect(points).toEqual(steps.map((step) => [step, isSql ? (inSql[text] ?? text) : text]))
  }
  expect(read?.metrics['Größe/损失']).toHaveLength(1)
  expect(runs[child.remote?.runId ?? '']).toMatchObject({
    name: 'fold 1',
    status: 'FAILED',
    tags: { 'mlflow.parentRunId': parentId },
    latest: { acc: '0.5' },
  })
})
