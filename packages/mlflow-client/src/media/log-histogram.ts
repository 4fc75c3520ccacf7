import { attempt } from '../run/attempt.ts'
import type { Run } from '../run/run.ts'
import { drawHistogram } from './draw-histogram.ts'
import { toHistogram, type Histogram } from './histogram.ts'
import { logImage, type ImageOptions } from './log-image.ts'

/** How values are counted, and where the histogram stands. */
export interface HistogramOptions extends ImageOptions {
  /** How many buckets; 64 by default. */
  readonly bins?: number | undefined
}

/**
 * Log the distribution of values at one step.
 *
 * MLflow knows no histograms. The page shows this one as an image of the grid, with a slider over the steps; its numbers are
 * the artifact `histograms/KEY/STEP.json`.
 *
 * @param key - as for `logImage`
 * @param values - numbers, or a histogram that is counted already
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
