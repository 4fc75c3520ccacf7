import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { syncJournals } from '../delivery/sync-journals.ts'
import { Client } from '../run/client.ts'
import type { Run } from '../run/run.ts'
import { startFakeMlflow, type FakeMlflow } from '../testing/fake-mlflow.ts'
import { testSettings } from '../testing/settings.ts'
import { logFigure } from './log-figure.ts'
import { logHistogram } from './log-histogram.ts'
import { logImage, tableImage, toPng } from './log-image.ts'
import { logJson } from './log-json.ts'
import { logTable } from './log-table.ts'
import type { Pixels } from './pixels.ts'

let server: FakeMlflow
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>
let client: Client
let run: Run
const warnings: string[] = []

beforeEach(async () => {
  server = await startFakeMlflow()
  folder = await mkdtempDisposable(join(tmpdir(), 'media-'))
  warnings.length = 0
  client = new Client(testSettings(server.url, join(folder.path, 'spool'))).on('warn', ({ message }) =>
    warnings.push(message),
  )
  run = client.startRun()
})
afterEach(async () => {
  await client.close()
  await server[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

const gray: Pixels = { width: 2, height: 2, channels: 1, data: Uint8Array.of(0, 85, 170, 255) }
const stored = (): Record<string, string> =>
  Object.fromEntries(
    Array.from(server.artifacts, ([path, bytes]) => [
      path.replace(/^.*artifacts\//, ''),
      bytes.toString('latin1'),
    ]),
  )
const tagsOf = (): Record<string, string> => Object.fromEntries([...server.runs.values()][0]?.tags ?? [])

test('an image is stored under the names of MLflow, with a preview', async () => {
  logImage(run, 'val/first', gray, { step: 3, timestampMs: 1234 })
  expect(await run.end()).toMatchObject({ dropped: 0, warnings: [] })
  const uuid = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'
  expect(Object.keys(stored()).toSorted()).toEqual([
    expect.stringMatching(
      new RegExp(`^images/val~first\\+step\\+3\\+timestamp\\+1234\\+${uuid}\\+compressed\\.webp$`),
    ),
    expect.stringMatching(new RegExp(`^images/val~first\\+step\\+3\\+timestamp\\+1234\\+${uuid}\\.png$`)),
  ])
  expect(tagsOf()).toMatchObject({ 'mlflow.loggedImages': 'true' })
})

test.each([
  ['a/b?', gray, {}, 'has other characters'],
  ['a', { ...gray, width: 3 }, {}, 'are 6 values, not 4'],
  ['a', Buffer.from('no image'), {}, 'no PNG, JPEG, WebP or GIF'],
  ['a', '/no/such/file.png', {}, 'ENOENT'],
  ['a', gray, { step: 1.5 }, '1.5 is no step'],
  ['a', undefined as never, {}, ''],
])('image %j of %j with %j costs itself and a warning', async (key, image, options, message) => {
  logImage(run, key, image, options)
  run.log({ loss: 1 })
  expect(await run.end()).toMatchObject({ dropped: 1, spooled: 0 })
  expect(warnings).toEqual([expect.stringContaining(message)])
  expect(stored()).toEqual({})
})

test('rows are added to a table, whose columns may grow', async () => {
  const first = { loss: 0.5, at: new Date(0), note: 'a "quoted" one' }
  logTable(run, 'eval/rows.json', [first])
  first.note = 'changed since'
  logTable(run, 'eval/rows.json', { loss: [NaN, 2n], extra: [{ deep: [1] }, null] })
  logTable(run, 'other.json', { a: [1] })
  expect(await run.end()).toMatchObject({ dropped: 0, warnings: [] })
  expect(JSON.parse(stored()['eval/rows.json'] ?? '')).toEqual({
    columns: ['loss', 'at', 'note', 'extra'],
    data: [
      [0.5, '1970-01-01T00:00:00.000Z', 'a "quoted" one', null],
      [null, null, null, { deep: [1] }],
      ['2', null, null, null],
    ],
  })
  expect(JSON.parse(tagsOf()['mlflow.loggedArtifacts'] ?? '')).toEqual([
    { path: 'eval/rows.json', type: 'table' },
    { path: 'other.json', type: 'table' },
  ])
})

test('a table that grows row by row is sent whole at each flush, and not written anew for each row', async () => {
  const written: string[] = []
  const counting: Run = Object.create(run, {
    text: { value: (text: string, path: string) => (written.push(text), run.text(text, path)) },
    beforeFlush: { value: (work: () => void) => run.beforeFlush(work) },
    id: { value: run.id },
    tag: { value: (key: string, value: string) => run.tag(key, value) },
  })
  for (let row = 0; row < 1000; row += 1) logTable(counting, 'rows.json', [{ row }])
  await run.flush()
  const { data } = JSON.parse(stored()['rows.json'] ?? '')
  expect(data).toHaveLength(1000)
  expect(written.length).toBeLessThan(100)
})

test.each([
  ['rows.csv', [], 'ends in .json'],
  ['a:b.json', [], 'MLflow cannot find'],
  ['rows.json', { a: [1], b: [1, 2] }, '1 and 2 values'],
])('table %j of %j costs itself and a warning', async (path, data, message) => {
  logTable(run, path, data)
  expect(await run.end()).toMatchObject({ dropped: 1 })
  expect(warnings).toEqual([expect.stringContaining(message)])
})

test('figures, JSON and histograms are stored as what they are', async () => {
  logFigure(run, 'a.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>')
  logFigure(run, 'b.png', toPng(gray))
  logFigure(run, 'c.html', { data: [{ y: ['</script>'] }] }, { plotlyUrl: 'http://h/plotly.js' })
  logFigure(run, 'd.json', { data: [{ y: [1] }], layout: { title: 't' } })
  logJson(run, 'e.json', { nested: [1, 'ü'] })
  logHistogram(run, 'weights/layer', [0, 1, 1], { bins: 2, step: 5 })
  expect(await run.end()).toMatchObject({ dropped: 0, warnings: [] })
  const files = stored()
  expect(files['a.svg']).toContain('<svg')
  expect(files['b.png']).toContain('PNG')
  expect(files['c.html']).toContain('<script src="http://h/plotly.js"></script>')
  expect(files['c.html']).toContain(String.raw`[{"y":["\u003c/script>"]}]`)
  expect(JSON.parse(files['d.json'] ?? '')).toEqual({ data: [{ y: [1] }], layout: { title: 't' } })
  expect(JSON.parse(Buffer.from(files['e.json'] ?? '', 'latin1').toString())).toEqual({ nested: [1, 'ü'] })
  expect(JSON.parse(files['histograms/weights/layer/5.json'] ?? '')).toMatchObject({ counts: [1, 2], max: 1 })
  expect(Object.keys(files).filter((path) => path.startsWith('images/weights~layer+step+5+'))).toHaveLength(2)
})

test.each([
  ['fig.txt', { data: [] }, 'becomes an .html or a .json file'],
  ['fig.html', { date: [] } as never, 'nor a Plotly figure'],
])('figure %j of %j costs itself and a warning', async (path, figure, message) => {
  logFigure(run, path, figure)
  expect(await run.end()).toMatchObject({ dropped: 1 })
  expect(warnings).toEqual([expect.stringContaining(message)])
})

test('what is logged while the server is away, by a program that is gone since, arrives by the next sync', async () => {
  server.misbehave = () => 503
  logImage(run, 'a', gray, { step: 1 })
  for (let row = 0; row < 25; row += 1) logTable(run, 'rows.json', [{ row }])
  await client.close({ timeoutMs: 0 })
  expect(stored()).toEqual({})
  server.misbehave = () => undefined
  const settings = testSettings(server.url, join(folder.path, 'spool'))
  expect(await syncJournals({ settings })).toMatchObject([{ outcome: 'delivered', receipt: { dropped: 0 } }])
  const files = stored()
  expect(JSON.parse(files['rows.json'] ?? '').data).toHaveLength(25)
  expect(Object.keys(files).filter((path) => path.startsWith('images/a+step+1+'))).toHaveLength(2)
  expect(tagsOf()).toMatchObject({ 'mlflow.loggedImages': 'true' })
})

test('nothing is done for a run that logs nowhere', () => {
  const off = new Client({ active: false, reason: 'a test' }).startRun()
  logImage(off, 'a', gray)
  logTable(off, 'a.json', [{ a: 1 }])
  expect(tableImage(off, gray)).toBeUndefined()
})
