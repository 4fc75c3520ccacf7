import { setTimeout as sleep } from 'node:timers/promises'

/** How long is waited, and how often it is looked. */
export interface UntilOptions {
  readonly timeoutMs: number
  readonly everyMs?: number
}

/** Looks until it finds something, and gives that; undefined when the time is over. It looks once in any case. */
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
