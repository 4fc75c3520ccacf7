import { expect, test } from 'vitest'
import type { JournalRecord } from '../journal/records.ts'
import type { MetricPoint } from '../rest/metrics.ts'
import { Overlap } from './overlap.ts'

const BEFORE_MS = 100

function at(step: number, timestampMs = BEFORE_MS): MetricPoint {
  return { step, timestampMs, value: 0 }
}

function record(s: number | undefined, ...keys: string[]): JournalRecord {
  return {
    k: 'm',
    at: 200,
    ...(s !== undefined && { s }),
    v: Object.fromEntries(keys.map((key) => [key, 1])),
  }
}

function overlap(histories: Readonly<Record<string, readonly MetricPoint[]>>, isKept = false) {
  const lastSteps = Object.fromEntries(
    Object.entries(histories).map(([key, points]) => [key, Math.max(...points.map(({ step }) => step))]),
  )
  const asked: string[] = []
  const looks = new Overlap({
    seen: { lastSteps, untilMs: BEFORE_MS },
    isKept,
    readHistory: async (key) => {
      asked.push(key)
      return histories[key] ?? []
    },
  })
  return { looks, asked }
}

test('leaves out the steps that the server has, of each metric by itself', async () => {
  const { looks } = overlap({ a: [at(0), at(1), at(4)], b: [at(5)] })
  const { records, skipped } = await looks.leaveOut([
    record(4, 'a', 'b'),
    record(5, 'a', 'b', 'toString'),
    record(1, 'a'),
  ])
  expect(records).toEqual([record(4, 'b'), record(5, 'a', 'toString')])
  expect(skipped).toBe(3)
})

test('keeps a step before the last one that the server does not have', async () => {
  const { looks } = overlap({ a: [at(0), at(2), at(9)] })
  expect(await looks.leaveOut([record(1, 'a'), record(2, 'a'), record(3, 'a')])).toEqual({
    records: [record(1, 'a'), record(3, 'a')],
    skipped: 1,
  })
})

test('never leaves out a value to which the program gave no step', async () => {
  const { looks, asked } = overlap({ a: [at(0), at(7)] })
  const given = [record(undefined, 'a'), record(undefined, 'a')]
  expect(await looks.leaveOut(given)).toEqual({ records: given, skipped: 0 })
  expect(asked).toEqual([])
})

test('takes what this process has delivered itself for no overlap', async () => {
  const { looks } = overlap({ a: [at(9), at(5, BEFORE_MS + 1)] })
  expect(await looks.leaveOut([record(5, 'a')])).toMatchObject({ skipped: 0 })
})

test('reads each history once, and none while all is new', async () => {
  const { looks, asked } = overlap({ a: [at(3)], b: [at(3)] })
  await looks.leaveOut([record(4, 'a', 'b'), record(5, 'a')])
  expect(asked).toEqual([])
  for (const step of [1, 2, 3]) await looks.leaveOut([record(step, 'a')])
  expect(asked).toEqual(['a'])
})

test('asks again for a history that could not be read', async () => {
  let times = 0
  const looks = new Overlap({
    seen: { lastSteps: { a: 3 }, untilMs: BEFORE_MS },
    isKept: false,
    readHistory: async () => {
      times += 1
      if (times === 1) throw new Error('away')
      return [at(3)]
    },
  })
  await expect(looks.leaveOut([record(3, 'a')])).rejects.toThrow('away')
  expect(await looks.leaveOut([record(3, 'a')])).toMatchObject({ skipped: 1 })
})

test.each([false, true])('lets counts go on where each metric ended (overlap kept: %s)', async (isKept) => {
  const { looks } = overlap({ cpu: [at(0), at(1)], gpu: [at(0)] }, isKept)
  const counted: JournalRecord = { k: 'm', at: 200, s: 0, c: 1, v: { cpu: 1, gpu: 2, new: 3 } }
  expect(await looks.leaveOut([counted])).toEqual({
    records: [
      { ...counted, s: 2, v: { cpu: 1 } },
      { ...counted, s: 1, v: { gpu: 2 } },
      { ...counted, s: 0, v: { new: 3 } },
    ],
    skipped: 0,
  })
})

test('keeps every step where that is asked for', async () => {
  const { looks } = overlap({ a: [at(3)] }, true)
  expect(await looks.leaveOut([record(3, 'a')])).toEqual({ records: [record(3, 'a')], skipped: 0 })
})
