import type { Environment } from './environment.ts'

/** Timeout, retries and back-off of requests. */
export interface RetryPolicy {
  /** Timeout of one request. */
  readonly timeoutMs: number
  /** Consecutive failures after which nobody waits any longer; retries in the background go on for ever. */
  readonly maxRetries: number
  /** Upper bound of the first pause; it doubles with each failure. */
  readonly baseDelayMs: number
  /** Upper bound of every pause. */
  readonly maxDelayMs: number
  readonly respectRetryAfter: boolean
}

/**
 * How long, in ms, to look for a run whose create request was not answered before it is created again.
 *
 * The server may still be processing it: a request can outlive the connection, and the program, that sent it.
 */
export function settleMs({ baseDelayMs }: RetryPolicy): number {
  return 5 * baseDelayMs
}

/** MLflow's own variables, in its unit (seconds) and with its defaults. */
export function retryPolicyFromEnv(env: Environment): RetryPolicy {
  return {
    timeoutMs: 1000 * numberFrom(env['MLFLOW_HTTP_REQUEST_TIMEOUT'], 120),
    // Python's client refuses more than 10 retries and a factor over 120; the same values must have the same effect
    // here.
    maxRetries: Math.min(10, numberFrom(env['MLFLOW_HTTP_REQUEST_MAX_RETRIES'], 7)),
    baseDelayMs: 500 * Math.min(120, numberFrom(env['MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR'], 2)),
    maxDelayMs: 60_000,
    respectRetryAfter: !/^(false|0)$/i.test(env['MLFLOW_HTTP_RESPECT_RETRY_AFTER_HEADER'] ?? ''),
  }
}

/**
 * The pause before the next attempt, with full jitter, so that fifty trainings do not come back in the same second.
 *
 * @param failures - consecutive failures so far, from 1
 * @param retryAfterMs - what the server asked for; a lower bound
 */
export function pauseMs(
  policy: RetryPolicy,
  failures: number,
  {
    retryAfterMs,
    random = Math.random,
  }: { readonly retryAfterMs?: number | undefined; readonly random?: () => number } = {},
): number {
  const bound = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** Math.min(failures - 1, 20))
  const asked = policy.respectRetryAfter ? Math.min(retryAfterMs ?? 0, policy.maxDelayMs) : 0
  return asked + random() * bound
}

function numberFrom(text: string | undefined, fallback: number): number {
  if (text === undefined || text.trim() === '') return fallback
  const value = Number(text)
  return Number.isFinite(value) && value >= 0 ? value : fallback
}
