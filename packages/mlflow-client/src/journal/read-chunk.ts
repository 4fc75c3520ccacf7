import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'
import { isBefore, type Position } from './cursor.ts'
import { listSegments, segmentPath } from './folder.ts'
import { parseLines } from './line.ts'
import { noSegment } from './warnings.ts'
import type { JournalRecord } from './records.ts'

/** Consecutive records, and the position of the next ones. */
export interface Chunk {
  readonly records: readonly JournalRecord[]
  readonly next: Position
  /** Lines that could not be read. */
  readonly corrupt: number
}

/** Small enough not to block the event loop, large enough for several full batches. */
const CHUNK_BYTES = 256 * 1024

/**
 * Read the records after a position.
 *
 * @param end - the writer's position; without it the writer is gone, and a torn last line is skipped
 * @returns undefined when everything has been read
 * @throws ClientError when something other than a segment is in its place
 */
export function readChunk(
  folder: string,
  from: Position,
  { end, bytes = CHUNK_BYTES }: { readonly end?: Position; readonly bytes?: number } = {},
): Chunk | undefined {
  if (end !== undefined && !isBefore(from, end)) return undefined
  const path = segmentPath(folder, from.segment)
  if (!existsSync(path)) return nextSegment(folder, from, end, bytes, 0)

  const fd = openSync(path, 'r')
  try {
    const found = fstatSync(fd)
    if (!found.isFile()) throw noSegment(path)
    const limit = end?.segment === from.segment ? end.offset : found.size
    const wanted = Math.min(bytes, limit - from.offset)
    const buffer = Buffer.allocUnsafe(Math.max(0, wanted))
    const got = readSync(fd, buffer, 0, buffer.length, from.offset)
    const { records, consumed, corrupt } = parseLines(buffer.subarray(0, got))
    if (consumed > 0) return { records, corrupt, next: { ...from, offset: from.offset + consumed } }
    // A line longer than the window: read more of it.
    if (from.offset + got < limit && got > 0)
      return readChunk(folder, from, { ...(end && { end }), bytes: bytes * 2 })
    return nextSegment(folder, from, end, bytes, got > 0 ? 1 : 0)
  } finally {
    closeSync(fd)
  }
}

/** Advance to the next segment, counting a torn end. */
function nextSegment(
  folder: string,
  from: Position,
  end: Position | undefined,
  bytes: number,
  torn: number,
): Chunk | undefined {
  const segment = listSegments(folder).find((each) => each > from.segment)
  if (segment === undefined) {
    if (torn === 0) return undefined
    return { records: [], corrupt: torn, next: { segment: from.segment + 1, offset: 0 } }
  }
  const chunk = readChunk(folder, { segment, offset: 0 }, { ...(end && { end }), bytes })
  return chunk && { ...chunk, corrupt: chunk.corrupt + torn }
}
