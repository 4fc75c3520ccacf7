import { expect, test } from 'vitest'
import { until } from './until.ts'

test('gives what it finds, however often it looked in vain', async () => {
  const answers = [undefined, undefined, 'there']
  expect(await until(async () => answers.shift(), { timeoutMs: 60_000, everyMs: 1 })).toBe('there')
})

test('looks once where there is no time, and gives up', async () => {
  let looks = 0
  const look = async (): Promise<undefined> => void (looks += 1)
  expect(await until(look, { timeoutMs: 0 })).toBeUndefined()
  expect(looks).toBe(1)
})

test('ends with the error of who looks', async () => {
  const failing = until(() => Promise.reject(new Error('gone')), { timeoutMs: 60_000 })
  await expect(failing).rejects.toThrow('gone')
})
