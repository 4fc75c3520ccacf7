import { open, readFile, rm } from 'node:fs/promises'
import { renameSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { FILE_MODE } from '../node/json-file.ts'
import { parseLines, sealLine } from './line.ts'
import { itemsIn, type JournalRecord } from './records.ts'
import { MetricThinner } from './thin-metrics.ts'

/** How much is parsed before the event loop gets a turn. */
const SLICE_BYTES = 64 * 1024

/** The result of thinning a segment. */
export interface ThinnedSegment {
  /** Metric points that were dropped. */
  readonly points: number
  readonly bytesBefore: number
  readonly bytesAfter: number
}

/**
 * Rewrite a segment with fewer metric points, in small steps, in the background of the training.
 *
 * @param isStillIdle - called at the last moment: a segment that delivery has reached is left unchanged
 */
export async function thinSegment(path: string, isStillIdle: () => boolean): Promise<ThinnedSegment> {
  const before = await readFile(path)
  const thinner = new MetricThinner()
  for await (const record of recordsIn(before)) thinner.look(record)
  thinner.finish()

  const lines: string[] = []
  let points = 0
  let number = 0
  for await (const record of recordsIn(before)) {
    const kept = thinner.thin(record, number)
    points += itemsIn(record) - (kept === undefined ? 0 : itemsIn(kept))
    if (kept !== undefined) lines.push(sealLine(JSON.stringify(kept)))
    number += 1
  }
  const after = Buffer.from(lines.join(''))
  const unchanged = { points: 0, bytesBefore: before.length, bytesAfter: before.length }
  if (points === 0) return unchanged

  const temporary = `${path}.tmp`
  const file = await open(temporary, 'w', FILE_MODE)
  try {
    await file.writeFile(after)
    await file.datasync()
  } finally {
    await file.close()
  }
  if (isStillIdle()) {
    renameSync(temporary, path)
    return { points, bytesBefore: before.length, bytesAfter: after.length }
  }
  await rm(temporary, { force: true })
  return unchanged
}

async function* recordsIn(bytes: Buffer): AsyncGenerator<JournalRecord, void, undefined> {
  for (let start = 0; start < bytes.length;) {
    let size = SLICE_BYTES
    let slice = parseLines(bytes.subarray(start, start + size))
    // A line longer than the slice: parse more at once.
    while (slice.consumed === 0 && start + size < bytes.length) {
      size *= 2
      slice = parseLines(bytes.subarray(start, start + size))
    }
    if (slice.consumed === 0) return
    yield* slice.records
    start += slice.consumed
    await setImmediate()
  }
}
