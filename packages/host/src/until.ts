import { setTimeout as sleep } from 'node:timers/promises'

/** How long to wait, and how often to look. */
export interface UntilOptions {
  readonly timeoutMs: number
  readonly everyMs?: number
}

/** Calls until something is found and returns that; undefined after the timeout. Looks at least once. */
export async function until<Found>(
  look: () => Promise<Found | undefined>,
  { timeoutMs, everyMs = 250 }: UntilOptions,
): Promise<Found | undefined> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const found = await look()
    if (found !== undefined || performance.now() >= deadline) return found
    await sleep(everyMs)
  }
}
