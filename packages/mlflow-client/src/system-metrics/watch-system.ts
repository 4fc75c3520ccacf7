import { SystemSampler } from './system-sampler.ts'

/** How system metrics are read. */
export interface WatchOptions {
  readonly everyMs: number
  /** Called with each reading and its number from 0, which is used as the step. */
  readonly onSample: (metrics: Record<string, number>, number: number) => void
  readonly sampler?: Pick<SystemSampler, 'sample'>
}

/** Read system metrics periodically, until the returned function is called. */
export function watchSystem({ everyMs, onSample, sampler = new SystemSampler() }: WatchOptions): () => void {
  let number = 0
  let isBusy = false
  let isStopped = false
  const timer = setInterval(() => void look(), everyMs)
  timer.unref()
  return () => {
    isStopped = true
    clearInterval(timer)
  }

  async function look(): Promise<void> {
    // A reading that takes longer than the interval is not overtaken by the next one.
    if (isBusy) return
    isBusy = true
    try {
      const metrics = await sampler.sample()
      if (!isStopped) onSample(metrics, number)
      number += 1
    } catch {
      // A failed reading is retried with the next one; it must not disturb the training.
    } finally {
      isBusy = false
    }
  }
}
