/** How many values are in each of several buckets of equal width. */
export interface Histogram {
  /** Values per bucket. */
  readonly counts: readonly number[]
  /** The edges of the buckets, ascending: one more than there are buckets. */
  readonly edges: readonly number[]
}

/** A histogram with statistics of its values. */
export interface ValueHistogram extends Histogram {
  readonly min: number
  readonly max: number
  readonly mean: number
  /** How many values are NaN or infinite, and so in no bucket. */
  readonly notFinite: number
}

/** Below it, half a width is no number any more, or has lost its digits. */
const LEAST_WIDTH = 2 ** -1000

/**
 * Count values in buckets of equal width between the smallest and the largest; the last bucket includes its end, as
 * in `numpy.histogram`.
 *
 * @param bins - the number of buckets
 * @throws TypeError when no value is finite
 */
export function toHistogram(values: ArrayLike<number>, bins: number): ValueHistogram {
  if (!Number.isSafeInteger(bins) || bins < 1) throw new TypeError(`a histogram cannot have ${bins} buckets`)
  let [min, max, sum, finite] = [Infinity, -Infinity, 0, 0]
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? NaN
    if (!Number.isFinite(value)) continue
    min = Math.min(min, value)
    max = Math.max(max, value)
    sum += value
    finite += 1
  }
  if (finite === 0) throw new TypeError('it has no finite value')
  // For equal or nearly equal values the buckets would have no width.
  const size = Math.max(Math.abs(min), Math.abs(max))
  const room = Math.max(0.5, size * 2 ** -40 * bins)
  const isWide = max / bins - min / bins > Math.max(size * 2 ** -48, LEAST_WIDTH)
  const [from, to] = isWide
    ? [min, max]
    : [Math.max(min - room, -Number.MAX_VALUE), Math.min(max + room, Number.MAX_VALUE)]
  const width = to / bins - from / bins
  const counts = Array.from({ length: bins }, () => 0)
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? NaN
    if (!Number.isFinite(value)) continue
    const bucket = Math.min(bins - 1, Math.floor((value / 2 - from / 2) / (width / 2)))
    counts[bucket] = (counts[bucket] ?? 0) + 1
  }
  const edges = Array.from({ length: bins + 1 }, (_, index) =>
    index === bins ? to : Math.min(to, from + index * width),
  )
  return { counts, edges, min, max, mean: sum / finite, notFinite: values.length - finite }
}
