import { SystemSampler } from './system-sampler.ts'

/** How the machine is watched. */
export interface WatchOptions {
  readonly everyMs: number
  /** Called with each reading and its number from 0, which is its step. */
  readonly onSample: (metrics: Record<string, number>, number: number) => void
  readonly sampler?: Pick<SystemSampler, 'sample'>
}

/** Read how the machine does, again and again until the returned function is called. */
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
    // A reading that takes longer than the pause is not overtaken by the next one.
    if (isBusy) return
    isBusy = true
    try {
      const metrics = await sampler.sample()
      if (!isStopped) onSample(metrics, number)
      number += 1
    } catch {
      // A machine that cannot be read now is asked again; a training has other things to do.
    } finally {
      isBusy = false
    }
  }
}
