import type { Dispatcher } from 'undici'

/** What `GET /health` answers. */
export interface Health {
  readonly status: 'ok' | 'degraded'
  readonly upstream: 'up' | 'down'
}

interface Options {
  readonly timeoutMs?: number
  /** For how long an answer is given again without asking MLflow. */
  readonly freshMs?: number
  readonly now?: () => number
}

/** Asks MLflow whether it is up, once for all who want to know at the same time. */
export function healthProbe(upstream: Dispatcher, options: Options = {}): () => Promise<Health> {
  const { timeoutMs = 2000, freshMs = 1000, now = Date.now } = options
  let current: Promise<Health> | undefined
  let askedAt = 0
  return () => {
    if (current === undefined || now() - askedAt >= freshMs) {
      askedAt = now()
      current = probe(upstream, timeoutMs)
    }
    return current
  }
}

async function probe(upstream: Dispatcher, timeoutMs: number): Promise<Health> {
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const { statusCode, body } = await upstream.request({ path: '/health', method: 'GET', signal })
    await body.dump()
    return statusCode === 200 ? { status: 'ok', upstream: 'up' } : down
  } catch {
    return down
  }
}

const down: Health = { status: 'degraded', upstream: 'down' }
