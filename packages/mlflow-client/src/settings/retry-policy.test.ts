import { expect, test } from 'vitest'
import { pauseMs, retryPolicyFromEnv } from './retry-policy.ts'

const policy = retryPolicyFromEnv({})

test('has MLflow’s defaults', () => {
  expect(policy).toEqual({
    timeoutMs: 120_000,
    maxRetries: 7,
    baseDelayMs: 1000,
    maxDelayMs: 60_000,
    respectRetryAfter: true,
  })
})

test('reads MLflow’s variables in seconds, capped as Python caps them', () => {
  expect(
    retryPolicyFromEnv({
      MLFLOW_HTTP_REQUEST_TIMEOUT: '5',
      MLFLOW_HTTP_REQUEST_MAX_RETRIES: '99',
      MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR: '4',
      MLFLOW_HTTP_RESPECT_RETRY_AFTER_HEADER: 'False',
    }),
  ).toMatchObject({ timeoutMs: 5000, maxRetries: 10, baseDelayMs: 2000, respectRetryAfter: false })
  expect(retryPolicyFromEnv({ MLFLOW_HTTP_REQUEST_TIMEOUT: 'soon' }).timeoutMs).toBe(120_000)
})

test('pauses anywhere between nothing and a bound that doubles up to a minute', () => {
  const longest = [1, 2, 3, 7, 500].map((failures) => pauseMs(policy, failures, { random: () => 1 }))
  expect(longest).toEqual([1000, 2000, 4000, 60_000, 60_000])
  expect(pauseMs(policy, 5, { random: () => 0 })).toBe(0)
})

test('waits at least as long as the server asks, within reason', () => {
  expect(pauseMs(policy, 1, { retryAfterMs: 3000, random: () => 0 })).toBe(3000)
  expect(pauseMs(policy, 1, { retryAfterMs: 1e9, random: () => 0 })).toBe(60_000)
  expect(pauseMs({ ...policy, respectRetryAfter: false }, 1, { retryAfterMs: 3000, random: () => 0 })).toBe(0)
})
