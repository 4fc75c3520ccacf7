import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { syncJournals } from '../delivery/sync-journals.ts'
import { REFUSED_ITEM, startFakeMlflow, type FakeMlflow } from '../testing/fake-mlflow.ts'
import { testSettings } from '../testing/settings.ts'
import { Client } from './client.ts'

let server: FakeMlflow
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>
let client: Client

beforeEach(async () => {
  server = await startFakeMlflow()
  folder = await mkdtempDisposable(join(tmpdir(), 'child-'))
  client = new Client(testSettings(server.url, folder.path)).on('warn', () => {})
})
afterEach(async () => {
  await client.close({ timeoutMs: 100 })
  await server[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

/** The parent's id on the server, by the name of the run. */
function parents(): Record<string, string | undefined> {
  const runs = [...server.runs.values()].map(({ tags }) => [
    tags.get('mlflow.runName') ?? '',
    tags.get('mlflow.parentRunId'),
  ])
  return Object.fromEntries(runs)
}

test('a child belongs to its parent, in the parent’s experiment, and so do its own', async () => {
  const parent = client.startRun({ name: 'parent', experiment: 'other' })
  const child = parent.child({ name: 'fold 1', params: { fold: 1 } })
  const grandchild = child.child({ name: 'inner' })
  grandchild.log({ a: 1 })
  await Promise.all([grandchild.end(), child.end(), parent.end()])
  expect(parents()).toEqual({ parent: undefined, 'fold 1': 'run0', inner: 'run1' })
  expect(server.runs.get('run1')?.params.get('fold')).toBe('1')
  const names = server.requests.flatMap(({ json, path }) =>
    path === '/experiments/create' ? [json.name] : [],
  )
  expect(new Set(names)).toEqual(new Set(['other']))
})

test('a family that was logged while the server was away is put together by the sync', async () => {
  server.misbehave = () => 503
  const parent = client.startRun({ name: 'parent' })
  const child = parent.child({ name: 'child' })
  await Promise.all([parent.end({ timeoutMs: 20 }), child.end({ timeoutMs: 20 })])
  await client.close({ timeoutMs: 0 })
  // The parent cannot be delivered at first: its child waits for it.
  server.misbehave = ({ json, path }) =>
    path === '/runs/create' && json.run_name === 'parent' ? 404 : undefined
  const settings = testSettings(server.url, folder.path)
  expect((await syncJournals({ settings })).map(({ outcome }) => outcome)).toEqual(['left', 'left'])
  server.misbehave = () => undefined
  expect((await syncJournals({ settings })).map(({ name, outcome }) => [name, outcome])).toEqual([
    ['parent', 'delivered'],
    ['child', 'delivered'],
  ])
  expect(parents()).toEqual({ parent: undefined, child: 'run0' })
})

test('the dataset a run reads is noted with what it is read for', async () => {
  const run = client.startRun()
  run.input({ name: 'mnist', source: '/data/mnist', digest: 'v1' }, { context: 'training' })
  run.input({ name: 'mnist', source: '/data/mnist', digest: 'v2' })
  expect(await run.end()).toMatchObject({ accepted: 2, delivered: 2 })
  run.input({ name: 'late' })
  expect(await run.flush()).toMatchObject({ accepted: 3, dropped: 1 })
  const dataset = { name: 'mnist', source_type: 'local', source: '{"uri":"/data/mnist"}' }
  expect(server.runs.get('run0')?.inputs).toEqual([
    { dataset: { ...dataset, digest: 'v1' }, tags: [{ key: 'mlflow.data.context', value: 'training' }] },
    { dataset: { ...dataset, digest: 'v2' }, tags: [] },
  ])
})

test('a dataset that the server refuses costs nothing else', async () => {
  server.misbehave = ({ path }) => (path === '/runs/log-inputs' ? REFUSED_ITEM : undefined)
  const run = client.startRun()
  run.input({ name: 'mnist' })
  run.log({ a: 1 })
  expect(await run.end()).toMatchObject({ accepted: 2, delivered: 1, dropped: 1 })
})
