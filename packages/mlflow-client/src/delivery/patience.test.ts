import { expect, test } from 'vitest'
import { ClientError } from '../errors/client-error.ts'
import { MlflowError } from '../rest/mlflow-error.ts'
import type { Verdict } from '../rest/verdict.ts'
import { Patience, type DeliveryState } from './patience.ts'

const policy = { timeoutMs: 1000, maxRetries: 2, baseDelayMs: 1, maxDelayMs: 2, respectRetryAfter: true }

function failure(status: number): MlflowError {
  return new MlflowError({ code: 'SOEN_SERVER_ERROR', message: `status ${status}`, hint: '', status })
}

/** A call that fails with these statuses, one after the other, and then succeeds. */
function failing(...statuses: number[]): () => Promise<string> {
  return async () => {
    const status = statuses.shift()
    if (status !== undefined) throw failure(status)
    return 'done'
  }
}

test('repeats until it succeeds, and tells each change of state once', async () => {
  const states: DeliveryState[] = []
  const patience = new Patience(policy, { onState: (state) => states.push(state), authProbeMs: 1 })
  expect(await patience.persist(failing(503, 500, 401, 401, 429))).toBe('done')
  expect(states).toEqual(['offline', 'auth-paused', 'offline', 'online'])
})

test.each<Verdict>(['item', 'run'])(
  'does not repeat what the server refuses because of the %s',
  async (verdict) => {
    const patience = new Patience(policy)
    const error = new MlflowError({ code: 'SOEN_SERVER_ERROR', message: '', hint: '', status: 400, verdict })
    await expect(patience.persist(() => Promise.reject(error))).rejects.toBe(error)
    expect(patience.state).toBe('online')
  },
)

test.each([302, 400, 404, 413, 521])(
  'repeats what a page with status %i stands in the way of',
  async (status) => {
    expect(await new Patience(policy).persist(failing(status))).toBe('done')
  },
)

test('leaves what is too large to a caller who knows another way', async () => {
  const divided = new Patience(policy).persist(failing(413), { hasOtherWay: true })
  await expect(divided).rejects.toMatchObject({ status: 413 })
})

test('passes on what is no answer of a server', async () => {
  const bug = new TypeError('bug')
  await expect(new Patience(policy).persist(() => Promise.reject(bug))).rejects.toBe(bug)
})

test('tries again at once when woken', async () => {
  const patience = new Patience({ ...policy, baseDelayMs: 1e8, maxDelayMs: 1e8 }, { random: () => 1 })
  const done = patience.persist(failing(503))
  await new Promise(setImmediate)
  expect(patience.state).toBe('offline')
  patience.wake()
  expect(await done).toBe('done')
})

test('ends its wait when stopped', async () => {
  const patience = new Patience({ ...policy, baseDelayMs: 1e8, maxDelayMs: 1e8 }, { random: () => 1 })
  const done = patience.persist(failing(503))
  await new Promise(setImmediate)
  patience.stop()
  await expect(done).rejects.toMatchObject({ name: 'AbortError' })
})

test('tells those who wait when a series of retries has failed, and goes on', async () => {
  const patience = new Patience(policy)
  let hasGivenUp = false
  const waiting = patience.givenUp(new AbortController().signal).then(() => (hasGivenUp = true))
  expect(await patience.persist(failing(503, 503))).toBe('done')
  expect(hasGivenUp).toBe(false)
  expect(await patience.persist(failing(503, 503, 503, 503))).toBe('done')
  expect(await waiting).toBe(true)
})

test('nobody waits for a password to be mended that is refused again and again', async () => {
  const patience = new Patience(policy, { authProbeMs: 1e8 })
  const waiting = patience.givenUp(new AbortController().signal)
  const done = patience.persist(failing(401, 401, 401))
  await waiting
  expect(patience.state).toBe('auth-paused')
  patience.wake()
  expect(await done).toBe('done')
})

test('nobody waits for what is parked', async () => {
  const patience = new Patience(policy)
  patience.park(new ClientError({ code: 'SOEN_RUN_UNAVAILABLE', message: '', hint: '' }))
  await patience.givenUp(new AbortController().signal)
  expect(patience.state).toBe('parked')
})
