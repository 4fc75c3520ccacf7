import type { Dispatcher } from 'undici'

/** The response of `GET /ready`. */
export interface Readiness {
  readonly status: 'ready' | 'not ready'
  readonly parts: Readonly<Record<'mlflow' | 'state', 'up' | 'down'>>
}

/** What has to work before requests can be answered. */
export interface ReadinessOptions {
  readonly upstream: Dispatcher
  /** Reads something from the front door's own state; rejects when that fails. */
  readonly readState?: () => Promise<unknown>
  readonly timeoutMs?: number
  /** How long a result is reused. */
  readonly freshMs?: number
  readonly now?: () => number
}

/** Checks whether MLflow and the state are up; concurrent callers share one check. */
export function readinessProbe(options: ReadinessOptions): () => Promise<Readiness> {
  const { freshMs = 1000, now = () => performance.now() } = options
  let current: Promise<Readiness> | undefined
  let askedAt = 0
  return () => {
    if (current === undefined || now() - askedAt >= freshMs) {
      askedAt = now()
      current = probe(options)
    }
    return current
  }
}

async function probe({
  upstream,
  readState = async () => {},
  timeoutMs = 2000,
}: ReadinessOptions): Promise<Readiness> {
  const [mlflow, state] = await Promise.all([
    isUp(() => askMlflow(upstream, timeoutMs), timeoutMs),
    isUp(readState, timeoutMs),
  ])
  const parts = { mlflow, state }
  return { status: mlflow === 'up' && state === 'up' ? 'ready' : 'not ready', parts }
}

async function isUp(ask: () => Promise<unknown>, timeoutMs: number): Promise<'up' | 'down'> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<'down'>((resolve) => {
    timer = setTimeout(() => resolve('down'), timeoutMs)
  })
  const asked = ask().then(
    () => 'up' as const,
    () => 'down' as const,
  )
  const answer = await Promise.race([asked, tooLate])
  clearTimeout(timer)
  return answer
}

async function askMlflow(upstream: Dispatcher, timeoutMs: number): Promise<void> {
  const signal = AbortSignal.timeout(timeoutMs)
  const { statusCode, body } = await upstream.request({ path: '/health', method: 'GET', signal })
  await body.dump()
  if (statusCode !== 200) throw new Error(`MLflow answered ${statusCode}.`)
}
