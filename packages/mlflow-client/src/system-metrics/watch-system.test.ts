import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { watchSystem } from './watch-system.ts'

test('tells each reading with its number, survives a failed one, and stops', async () => {
  const answers = [
    async () => ({ a: 1 }),
    async () => Promise.reject(new Error('no')),
    async () => ({ a: 2 }),
  ]
  const told: [Record<string, number>, number][] = []
  const sampler = { sample: () => (answers.shift() ?? (async () => ({ a: 3 })))() }
  const stop = watchSystem({
    everyMs: 1,
    sampler,
    onSample: (metrics, number) => told.push([metrics, number]),
  })
  while (told.length < 3) await setTimeout(1)
  stop()
  const count = told.length
  expect(told.slice(0, 3)).toEqual([
    [{ a: 1 }, 0],
    [{ a: 2 }, 1],
    [{ a: 3 }, 2],
  ])
  await setTimeout(20)
  expect(told).toHaveLength(count)
})

test('does not ask again while a reading takes its time, nor tell it after the end', async () => {
  let asked = 0
  const slow = Promise.withResolvers<Record<string, number>>()
  const told: unknown[] = []
  const sample = async () => {
    asked += 1
    return await slow.promise
  }
  const stop = watchSystem({ everyMs: 1, sampler: { sample }, onSample: (metrics) => told.push(metrics) })
  await setTimeout(20)
  stop()
  slow.resolve({ a: 1 })
  await setTimeout(5)
  expect([asked, told]).toEqual([1, []])
})
