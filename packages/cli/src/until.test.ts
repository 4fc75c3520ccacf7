import { expect, test } from 'vitest'
import { until } from './until.ts'

test('asks until it is so', async () => {
  let asked = 0
  const isSo = async (): Promise<boolean> => (asked += 1) === 3
  expect(await until(isSo, { timeoutMs: 60_000, everyMs: 1 })).toBe(true)
  expect(asked).toBe(3)
})

const never = async (): Promise<boolean> => false

test('gives up in the end, and at once when it is told to', async () => {
  expect(await until(never, { timeoutMs: 5, everyMs: 1 })).toBe(false)
  const signal = AbortSignal.abort()
  await expect(until(never, { timeoutMs: 60_000, signal })).rejects.toThrow('aborted')
})
