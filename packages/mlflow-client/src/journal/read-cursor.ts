import { statSync } from 'node:fs'
import { join } from 'node:path'
import { hasShape, readJson } from '../node/json-file.ts'
import { START, type Position } from './cursor.ts'
import { segmentPath } from './folder.ts'

/** The acknowledged position; the start when none was written, or an invalid one. */
export function readCursor(folder: string): Position {
  const place = readJson(join(folder, 'cursor.json'), isPosition)
  return place !== undefined && isInside(folder, place) ? place : START
}

/**
 * Whether the journal has this position: within a segment, or at the start of one not written yet. Reading from the
 * start instead is safe: records that are sent again create no second point.
 */
function isInside(folder: string, { segment, offset }: Position): boolean {
  if (!Number.isSafeInteger(segment) || segment < 1 || !Number.isSafeInteger(offset) || offset < 0)
    return false
  const sizeOf = (number: number): number | undefined =>
    statSync(segmentPath(folder, number), { throwIfNoEntry: false })?.size
  const size = sizeOf(segment)
  if (size !== undefined) return offset <= size
  return offset === 0 && (segment === 1 || sizeOf(segment - 1) !== undefined)
}

function isPosition(value: unknown): value is Position {
  return hasShape(value, { segment: 'number', offset: 'number' })
}
