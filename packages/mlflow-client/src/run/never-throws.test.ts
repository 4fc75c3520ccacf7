import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startFakeMlflow, type FakeMlflow } from '../testing/fake-mlflow.ts'
import { anythingHostile, hostileValues, type Hand } from '../testing/hostile-values.ts'
import { testSettings } from '../testing/settings.ts'
import { Client } from './client.ts'
import type { Run } from './run.ts'

let server: FakeMlflow
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>
let client: Client

beforeEach(async () => {
  server = await startFakeMlflow()
  folder = await mkdtempDisposable(join(tmpdir(), 'hostile-'))
  client = new Client(testSettings(server.url, join(folder.path, 'spool'))).on('warn', () => {})
})
afterEach(async () => {
  await client.close({ timeoutMs: 100 })
  await server[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

const CALLS = [
  'log',
  'params',
  'tag',
  'tags',
  'note',
  'input',
  'artifact',
  'text',
  'bytes',
  'refuse',
  'beforeFlush',
  'child',
  'flush',
] as const

/** Calls like plain JavaScript, without checking the types of the arguments. */
async function callUnchecked(target: object, name: string, args: readonly unknown[]): Promise<unknown> {
  const call: unknown = Reflect.get(target, name)
  if (typeof call !== 'function') throw new TypeError(`${name} is no call`)
  return await Reflect.apply(call, target, args)
}

function handAll(hands: Readonly<Record<string, Hand>>): Hand {
  return () => Object.fromEntries(Object.entries(hands).map(([key, hand]) => [key, hand()]))
}

/** A text would be taken for a path, perhaps even the root folder's. */
function harmless(name: string, args: readonly unknown[]): readonly unknown[] {
  if (name !== 'artifact') return args
  const [path, ...rest] = args
  return [typeof path === 'string' ? join(folder.path, 'none', path.replaceAll(/\W/g, '_')) : path, ...rest]
}

test('a run takes anything in any call, and what is good arrives beside it', async () => {
  const call = fc.tuple(fc.constantFrom(...CALLS), fc.array(anythingHostile(), { maxLength: 3 }))
  await fc.assert(
    fc.asyncProperty(fc.array(call, { maxLength: 8 }), async (calls) => {
      const run = client.startRun({ name: 'good' })
      for (const [name, args] of calls)
        await callUnchecked(
          run,
          name,
          harmless(
            name,
            args.map((hand) => hand()),
          ),
        )
      run.log({ 'the good one': 1 }, { step: 7 })
      const receipt = await run.end()
      expect(receipt).toMatchObject({ spooled: 0, accepted: receipt.delivered + receipt.dropped })
      const arrived = [...server.runs.values()].find(({ tags }) => tags.get('soen.client_run_id') === run.id)
      expect(arrived?.metrics).toContainEqual(expect.objectContaining({ key: 'the good one', step: 7 }))
    }),
    { numRuns: 60 },
  )
})

test('a run starts with any options, and has children with any', async () => {
  const keys = [
    'name',
    'experiment',
    'project',
    'repeat',
    'tags',
    'params',
    'description',
    'resumeKey',
    'overlap',
  ]
  const some = fc.dictionary(fc.constantFrom(...keys), anythingHostile())
  const options = fc.oneof(anythingHostile(), some.map(handAll))
  await fc.assert(
    fc.asyncProperty(options, options, async (given, givenChild) => {
      const run: Run = client.startRun(given() as never)
      const child = run.child(givenChild() as never)
      for (const each of [run, child]) each.log({ a: 1 })
      const receipts = await Promise.all([child.end(), run.end()])
      expect(receipts.map(({ spooled }) => spooled)).toEqual([0, 0])
    }),
    { numRuns: 60 },
  )
})

test('a run ends with any options, also one of a disabled client', async () => {
  const off = new Client({ active: false, reason: 'a test' })
  for (const value of [
    ...hostileValues(),
    { status: 'DONE' },
    { timeoutMs: Infinity },
    { timeoutMs: 'soon' },
  ]) {
    const run = client.startRun()
    await callUnchecked(run, 'end', [value])
    const disabled: unknown = await callUnchecked(off, 'startRun', [value])
    for (const name of [...CALLS, 'end']) await callUnchecked(disabled as Run, name, harmless(name, [value]))
  }
  expect(new Set([...server.runs.values()].map(({ status }) => status))).toEqual(new Set(['FINISHED']))
})

test('one bad value costs that value, not the call', async () => {
  const run = client.startRun({
    name: 'r',
    seed: 'seven' as never,
    tags: { own: 'x', bad: Symbol.iterator as never },
  })
  const bad = {
    get broken(): number {
      throw new Error('no')
    },
  }
  run.params({ lr: 1, model: Object.assign(bad, { depth: 4 }) })
  run.log(
    Object.defineProperty({ a: 1, c: 3 }, 'b', {
      enumerable: true,
      get: () => {
        throw new Error('no')
      },
    }),
  )
  await run.end()
  const [kept] = server.runs.values()
  expect(Object.fromEntries(kept?.params ?? [])).toEqual({ lr: '1', 'model.depth': '4' })
  expect(kept?.metrics.map(({ key }) => key)).toEqual(['a', 'c'])
  expect(kept?.tags.get('own')).toBe('x')
})

test('a listener that throws stops nothing', async () => {
  const warned = new Promise((resolve) => process.once('warning', resolve))
  client.on('warn', fail).on('state', fail).on('progress', fail)
  const run = client.startRun()
  run.log({ a: 'text' as never })
  run.text('x', 'a.txt')
  expect(await run.end()).toMatchObject({ spooled: 0, dropped: 1 })
  expect(String(await warned)).toContain('of the program')
})

function fail(): never {
  throw new Error('of the program')
}
