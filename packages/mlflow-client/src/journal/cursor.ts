import { join } from 'node:path'
import { replaceJson } from '../node/json-file.ts'

/** A position in a journal: everything before it has been acknowledged. */
export interface Position {
  readonly segment: number
  readonly offset: number
}

/** The first position of a journal. */
export const START: Position = { segment: 1, offset: 0 }

/** Whether one position is before another. */
export function isBefore(a: Position, b: Position): boolean {
  return a.segment < b.segment || (a.segment === b.segment && a.offset < b.offset)
}

/** Advance the cursor. Only after the server's 200: a kill in between causes a repetition, never a gap. */
export function writeCursor(folder: string, position: Position): void {
  replaceJson(join(folder, 'cursor.json'), position)
}
