import { waitUntil } from '@soen/testbed'
import { expect, test } from 'vitest'
import { MlflowError } from '../rest/mlflow-error.ts'
import { Patience } from './patience.ts'
import { ServerHealth } from './server-health.ts'

const policy = { timeoutMs: 1000, maxRetries: 2, baseDelayMs: 1, maxDelayMs: 2, respectRetryAfter: true }

function failure(status: number): MlflowError {
  return new MlflowError({ code: 'SOEN_SERVER_ERROR', message: '', hint: '', status })
}

test('a server is away when a series of attempts has failed, whosever they were, and back with the first answer', () => {
  const noted: boolean[] = []
  const health = new ServerHealth(policy, { notes: { isAway: false, note: (isAway) => noted.push(isAway) } })
  health.failed()
  health.failed()
  health.succeeded()
  health.failed()
  health.failed()
  expect(health.isAway).toBe(false)
  health.failed()
  expect(health.isAway).toBe(true)
  health.failed()
  health.succeeded()
  expect([health.isAway, noted]).toEqual([false, [true, false]])
})

test('refused credentials are so only when nothing else comes in between', () => {
  const health = new ServerHealth({ ...policy, maxRetries: 100 })
  for (const isRefusal of [true, false, true, true]) health.failed({ isRefusal })
  expect(health.isAway).toBe(false)
  health.failed({ isRefusal: true })
  expect(health.isAway).toBe(true)
})

test('who has waited in vain says so; who has waited for nothing does not', () => {
  const health = new ServerHealth(policy)
  health.giveUp(10)
  health.succeeded()
  health.giveUp(10_000)
  expect(health.isAway).toBe(false)
  health.failed()
  health.giveUp(10)
  expect(health.isAway).toBe(true)
  const silent = new ServerHealth(policy)
  silent.giveUp(10_000)
  expect(silent.isAway).toBe(true)
})

test('when a server that was away is back, all go on at once', async () => {
  const slow = { ...policy, baseDelayMs: 1e8, maxDelayMs: 1e8 }
  const health = new ServerHealth(slow)
  let attempts = 0
  let isBack = false
  const ask = async (): Promise<string> => {
    attempts += 1
    if (!isBack) throw failure(503)
    return 'done'
  }
  const all = Array.from({ length: 50 }, () => new Patience(slow, { health }).persist(ask))
  await waitUntil(() => attempts === 50 && health.isAway)
  await new Promise(setImmediate)
  expect(health.isAway).toBe(true)
  isBack = true
  expect(await new Patience(slow, { health }).persist(ask)).toBe('done')
  expect(await Promise.all(all)).toEqual(Array.from({ length: 50 }, () => 'done'))
})

test('while a server is away, its runs ask one after the other, in their order', async () => {
  const health = new ServerHealth(policy)
  for (let count = 0; count < 3; count += 1) health.failed()
  const asked: string[] = []
  await new Promise<void>((resolve) => {
    for (const name of ['a', 'b', 'c']) health.ask(() => asked.push(name) === 3 && resolve())
    expect(asked).toEqual([])
  })
  expect(asked).toEqual(['a', 'b', 'c'])
})

test('a run that comes while the server is away asks at once, and nobody waits for it to answer', async () => {
  const slow = { ...policy, baseDelayMs: 1e8, maxDelayMs: 1e8 }
  const health = new ServerHealth(slow, { notes: { isAway: true, note: () => {} } })
  expect(health.isAway).toBe(true)
  expect(await new Patience(slow, { health }).persist(async () => 'done')).toBe('done')
  expect(health.isAway).toBe(false)
})

test('a right that one run lacks says nothing of the server', async () => {
  const health = new ServerHealth(policy)
  const lacking = new Patience(policy, { health, authProbeMs: 1 })
  let refusals = 20
  const answer = await lacking.persist(async () => {
    refusals -= 1
    const verdict = 'caller'
    if (refusals > 0)
      throw new MlflowError({ code: 'SOEN_AUTH_REJECTED', message: '', hint: '', status: 403, verdict })
    return 'granted'
  })
  expect([answer, health.isAway]).toEqual(['granted', false])
})

test('it is worth a look as long as looking costs nothing', async () => {
  const health = new ServerHealth(policy)
  expect(health.isWorthALook).toBe(true)
  const look = health.look()
  health.failed()
  await look
  expect(health.isWorthALook).toBe(true)
  // There is no news: the next one does not wait for it again.
  await health.look()
  expect(health.isWorthALook).toBe(false)
})
