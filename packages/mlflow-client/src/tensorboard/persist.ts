import { setTimeout as sleep } from 'node:timers/promises'
import { MlflowError } from '../rest/mlflow-error.ts'
import { pauseMs, type RetryPolicy } from '../settings/retry-policy.ts'

/** Repeats a request until it succeeds or there is no hope. */
export type Persist = <Result>(request: () => Promise<Result>) => Promise<Result>

/** Somebody waits for an import: unlike a training's delivery it gives up when the policy says so. */
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
