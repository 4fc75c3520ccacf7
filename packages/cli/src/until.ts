import { setTimeout as sleep } from 'node:timers/promises'

/** How long to wait, and what else ends the wait. */
export interface UntilOptions {
  readonly timeoutMs: number
  readonly signal?: AbortSignal
  readonly everyMs?: number
}

/** Polls until the condition holds; resolves to whether it did in time. */
export async function until(
  isSo: () => Promise<boolean>,
  { timeoutMs, signal, everyMs = 100 }: UntilOptions,
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs
  while (!(await isSo())) {
    if (performance.now() > deadline) return false
    await sleep(everyMs, undefined, signal === undefined ? {} : { signal })
  }
  return true
}
