/** A stretch of a file that is sent by itself. */
export interface Part {
  /** From 1, as S3 counts. */
  readonly number: number
  readonly start: number
  /** Behind its last byte. */
  readonly end: number
}

const MIN_PART_BYTES = 16 * 1024 * 1024
/** S3 takes 10,000; the rest is room for a file that grows. */
const MAX_PARTS = 9000

/** Cut a file into parts: 16 MiB each, or larger ones where that would be too many. */
export function planParts(sizeBytes: number, minPartBytes: number = MIN_PART_BYTES): readonly Part[] {
  const partBytes = Math.max(minPartBytes, Math.ceil(sizeBytes / MAX_PARTS))
  return Array.from({ length: Math.ceil(sizeBytes / partBytes) }, (_, index) => ({
    number: index + 1,
    start: index * partBytes,
    end: Math.min(sizeBytes, (index + 1) * partBytes),
  }))
}
