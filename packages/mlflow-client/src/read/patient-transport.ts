import { setTimeout as pause } from 'node:timers/promises'
import { MlflowError } from '../rest/mlflow-error.ts'
import type { Transport } from '../rest/transport.ts'
import { pauseMs, type RetryPolicy } from '../settings/retry-policy.ts'

/** A transport for reading that retries what may succeed later, with back-off, as often as the policy says. */
export function patientTransport(transport: Transport, policy: RetryPolicy): Transport {
  async function patiently<Result>(ask: () => Promise<Result>): Promise<Result> {
    for (let failures = 1; ; failures += 1) {
      try {
        return await ask()
      } catch (error) {
        if (!(error instanceof MlflowError) || !error.retryable || failures > policy.maxRetries) throw error
        await pause(pauseMs(policy, failures, error))
      }
    }
  }

  return {
    trackingUri: transport.trackingUri,
    json: async (...call) => await patiently(() => transport.json(...call)),
    raw: async (...call) => await patiently(() => transport.raw(...call)),
  }
}
