import { attempt } from '../run/attempt.ts'
import type { Run } from '../run/run.ts'
import { drawHistogram } from './draw-histogram.ts'
import { toHistogram, type Histogram } from './histogram.ts'
import { logImage, type ImageOptions } from './log-image.ts'

/** The buckets of the histogram, and its step. */
export interface HistogramOptions extends ImageOptions {
  /** The number of buckets; 64 by default. */
  readonly bins?: number | undefined
}

/**
 * Log the distribution of values at one step.
 *
 * MLflow has no histograms. Its page shows this one as an image of the grid, with a slider over the steps; the
 * numbers are the artifact `histograms/KEY/STEP.json`.
 *
 * @param key - as for `logImage`
 * @param values - numbers, or counts that exist already
 */
export function logHistogram(
  run: Run,
  key: string,
  values: ArrayLike<number> | Histogram,
  { bins = 64, ...options }: HistogramOptions = {},
): void {
  attempt(run, `histogram ${key}`, () => {
    const histogram = 'counts' in values ? checked(values) : toHistogram(values, bins)
    logImage(run, key, drawHistogram(histogram), options)
    run.text(JSON.stringify(histogram), `histograms/${key}/${options.step ?? 0}.json`)
  })
}

function checked(histogram: Histogram): Histogram {
  const { counts, edges } = histogram
  if (edges.length !== counts.length + 1 || counts.length === 0)
    throw new TypeError(`${counts.length} buckets have ${counts.length + 1} edges, not ${edges.length}`)
  return histogram
}
