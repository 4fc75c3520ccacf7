import { setTimeout as sleep } from 'node:timers/promises'

/** How long something may take, and what ends the wait beside it. */
export interface UntilOptions {
  readonly timeoutMs: number
  readonly signal?: AbortSignal
  readonly everyMs?: number
}

/** Asks again and again until it is so; resolves to whether it became so in time. */
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
