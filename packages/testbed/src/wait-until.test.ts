import { expect, test } from 'vitest'
import { waitUntil, waitUntilUp } from './wait-until.ts'

test('asks again until there is an answer', async () => {
  let asked = 0
  expect(await waitUntil(() => (asked += 1) > 2 && asked, { everyMs: 1 })).toBe(3)
})

test('says what it waited for, and the last error', async () => {
  const never = waitUntil(() => Promise.reject(new Error('refused')), {
    timeoutMs: 5,
    everyMs: 1,
    what: 'S3',
  })
  await expect(never).rejects.toMatchObject({
    message: 'waited 5 ms in vain for S3',
    cause: expect.objectContaining({ message: 'refused' }),
  })
})

test('stops a program that ended while starting, and shows what it printed', async () => {
  let isStopped = false
  const program = { exited: Promise.resolve({ code: 1, signal: null }) }
  const starting = waitUntilUp({
    what: 'MLflow',
    program,
    isUp: () => false,
    output: () => 'no such table',
    stop: async () => {
      isStopped = true
    },
  })
  await expect(starting).rejects.toThrow('MLflow did not come up:\nno such table')
  expect(isStopped).toBe(true)
})
