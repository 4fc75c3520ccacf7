/** A range of a file that is sent by itself. */
export interface Part {
  /** From 1, as in S3. */
  readonly number: number
  readonly start: number
  /** Exclusive. */
  readonly end: number
}

const MIN_PART_BYTES = 16 * 1024 * 1024
/** S3 allows 10,000; the rest is reserved for a file that grows. */
const MAX_PARTS = 9000

/** Split a file into parts: of 16 MiB each, or larger where there would be too many. */
export function planParts(sizeBytes: number, minPartBytes: number = MIN_PART_BYTES): readonly Part[] {
  const partBytes = Math.max(minPartBytes, Math.ceil(sizeBytes / MAX_PARTS))
  return Array.from({ length: Math.ceil(sizeBytes / partBytes) }, (_, index) => ({
    number: index + 1,
    start: index * partBytes,
    end: Math.min(sizeBytes, (index + 1) * partBytes),
  }))
}
