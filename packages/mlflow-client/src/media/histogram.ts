/** How often values lie in each of several buckets of one width. */
export interface Histogram {
  /** Values per bucket. */
  readonly counts: readonly number[]
  /** Where the buckets begin and end: one more than there are buckets, ascending. */
  readonly edges: readonly number[]
}

/** A histogram, and what it was made of. */
export interface ValueHistogram extends Histogram {
  readonly min: number
  readonly max: number
  readonly mean: number
  /** How many values are NaN or infinite, which no bucket holds. */
  readonly notFinite: number
}

/**
 * Count values by buckets of one width between the smallest and the largest; the last one includes its end, as
 * `numpy.histogram` counts.
 *
 * @param bins - how many buckets
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
  // Of equal values, and of ones that are nearly equal, the buckets would have no width.
  const size = Math.max(Math.abs(min), Math.abs(max))
  const room = Math.max(0.5, size * 2 ** -40 * bins)
  const isWide = max / bins - min / bins > size * 2 ** -48
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
