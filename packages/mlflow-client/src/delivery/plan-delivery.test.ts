import { expect, test } from 'vitest'
import { RECORD_KINDS, type JournalRecord } from '../journal/records.ts'
import { batchBody, type Batch } from '../rest/log-batch.ts'
import { planDelivery } from './plan-delivery.ts'

/** What is to be sent of each kind, with the kinds in order. */
function planned(records: readonly JournalRecord[]) {
  const letters = new Map(Object.entries(RECORD_KINDS).map(([letter, kind]) => [kind, letter]))
  const steps = planDelivery(records).map(({ kind, work }) => ({ letter: letters.get(kind), work }))
  const workOf = (...wanted: string[]): unknown[] =>
    steps.flatMap(({ letter, work }) => (wanted.includes(letter ?? '') ? [work] : []))
  return {
    order: steps.map(({ letter }) => letter).join(''),
    batches: workOf('p', 't', 'm') as Batch[],
    artifacts: workOf('a'),
    end: workOf('e')[0],
  }
}

function metrics(names: readonly string[], step = 0): JournalRecord {
  return { k: 'm', at: 5, s: step, v: Object.fromEntries(names.map((name) => [name, 1])) }
}

function sizes(records: readonly JournalRecord[]): [string, number][] {
  return planned(records).batches.map(({ kind, items }) => [kind, items.length])
}

test('sends parameters and tags before metrics, then files, then the end', () => {
  const artifact = { k: 'a', file: 'f', to: 'x' } as const
  const end = { k: 'e', at: 9, status: 'FINISHED' } as const
  const plan = planned([metrics(['a']), { k: 't', v: { t: '1' } }, end, artifact, { k: 'p', v: { p: '2' } }])
  expect(plan.batches.map((batch) => JSON.parse(batchBody('r', batch)))).toEqual([
    { run_id: 'r', params: [{ key: 'p', value: '2' }] },
    { run_id: 'r', tags: [{ key: 't', value: '1' }] },
    { run_id: 'r', metrics: [{ key: 'a', value: 1, timestamp: 5, step: 0 }] },
  ])
  expect(plan.order).toBe('ptmae')
  expect(plan.artifacts).toEqual([artifact])
  expect(plan.end).toEqual(end)
})

test('keeps to MLflow’s limits, also for one huge call', () => {
  const many = Array.from({ length: 2500 }, (_, index) => `m${index}`)
  expect(sizes([metrics(many)])).toEqual([
    ['metrics', 1000],
    ['metrics', 1000],
    ['metrics', 500],
  ])
  const texts = Object.fromEntries(many.slice(0, 130).map((name) => [name, '']))
  expect(
    sizes([
      { k: 'p', v: texts },
      { k: 't', v: texts },
    ]),
  ).toEqual([
    ['params', 100],
    ['params', 30],
    ['tags', 100],
    ['tags', 30],
  ])
})

test('keeps every body below 900 kB, measured in bytes', () => {
  const tags = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`t${index}`, '损'.repeat(8000)]))
  const bodies = planned([{ k: 't', v: tags }]).batches.map((batch) =>
    Buffer.byteLength(batchBody('r', batch)),
  )
  expect(bodies.length).toBeGreaterThan(2)
  expect(Math.max(...bodies)).toBeLessThan(901_000)
})

test('keeps the order of metrics over calls', () => {
  const plan = planned(Array.from({ length: 1500 }, (_, step) => metrics(['a'], step)))
  const steps = plan.batches.flatMap(({ items }) => items.map(({ json }) => JSON.parse(json).step))
  expect(steps).toEqual(Array.from({ length: 1500 }, (_, step) => step))
})

test('sends the last value of a tag, and a parameter never twice in one request', () => {
  const plan = planned([
    { k: 't', v: { t: 'old' } },
    { k: 't', v: { t: 'new' } },
    { k: 'p', v: { p: '1' } },
    { k: 'p', v: { p: '2' } },
  ])
  expect(plan.batches.map((batch) => JSON.parse(batchBody('r', batch)))).toEqual([
    { run_id: 'r', params: [{ key: 'p', value: '1' }] },
    { run_id: 'r', params: [{ key: 'p', value: '2' }] },
    { run_id: 'r', tags: [{ key: 't', value: 'new' }] },
  ])
})

test('sends a value without a step as one of step 0', () => {
  const { batches } = planned([{ k: 'm', at: 1, v: { a: 2 } }])
  expect(batches.map((batch) => JSON.parse(batchBody('r', batch)).metrics)).toEqual([
    [{ key: 'a', value: 2, timestamp: 1, step: 0 }],
  ])
})
