import { expect, it } from 'vitest'
import { LastUsed } from './last-used.ts'

const first = new Date(0).toISOString()
const second = new Date(1).toISOString()

it('writes the last of many uses, once', async () => {
  const written: object[] = []
  const lastUsed = new LastUsed(async (usedAt) => void written.push(Object.fromEntries(usedAt)))
  for (const time of [0, 1]) lastUsed.add('a', time)
  lastUsed.add('b', 0)
  await lastUsed.flush()
  await lastUsed.flush()
  expect(written).toEqual([{ a: second, b: first }])
  expect(lastUsed.get('a')).toBe(second)
})

it('keeps what could not be written for the next time, and newer uses before it', async () => {
  const written: object[] = []
  let isFull = true
  const lastUsed = new LastUsed(async (usedAt) => {
    if (isFull) throw new Error('disk full')
    written.push(Object.fromEntries(usedAt))
  })
  lastUsed.add('a', 0)
  lastUsed.add('b', 0)
  const failing = lastUsed.flush()
  lastUsed.add('a', 1)
  await expect(failing).rejects.toThrow('disk full')
  isFull = false
  await lastUsed.flush()
  expect(written).toEqual([{ a: second, b: first }])
})
