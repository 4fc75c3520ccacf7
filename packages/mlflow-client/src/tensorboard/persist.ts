import { setTimeout as sleep } from 'node:timers/promises'
import { MlflowError } from '../rest/mlflow-error.ts'
import { pauseMs, type RetryPolicy } from '../settings/retry-policy.ts'

/** Retries a request until it succeeds or retrying is useless. */
export type Persist = <Result>(request: () => Promise<Result>) => Promise<Result>

/**
 * Unlike a training's delivery, an import gives up when the policy's retries are used up, because somebody waits for
 * it.
 */
export function persistWith(policy: RetryPolicy): Persist {
  return async (request) => {
    for (let failures = 1; ; failures += 1) {
      try {
        return await request()
      } catch (error) {
        const isHopeless = !(error instanceof MlflowError) || !error.retryable || failures > policy.maxRetries
        if (isHopeless) throw error
        await sleep(pauseMs(policy, failures, { retryAfterMs: error.retryAfterMs }))
      }
    }
  }
}
