import { quantile } from '@soen/testbed'

/** Median and tail of many timings. */
export interface Quantiles {
  readonly p50: number
  readonly p99: number
}

/** The median and the tail. */
export function quantiles(values: readonly number[]): Quantiles {
  return { p50: quantile(values, 0.5), p99: quantile(values, 0.99) }
}

/** Time calls in µs, after a tenth as many for warming up; `pauseEach` lets background work run in between. */
export async function sample(
  count: number,
  call: (step: number) => unknown,
  pauseEach: number = Infinity,
): Promise<Quantiles> {
  const micros: number[] = []
  for (let step = 1; step <= 1.1 * count; step += 1) {
    const start = process.hrtime.bigint()
    const result = call(step)
    if (result instanceof Promise) await result
    if (step > 0.1 * count) micros.push(Number(process.hrtime.bigint() - start) / 1000)
    if (step % pauseEach === 0) await new Promise(setImmediate)
  }
  return quantiles(micros)
}
