import { readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { listSegments, segmentPath } from './folder.ts'
import type { JournalPolicy } from './journal-policy.ts'

/** Thinning that saves less is not worth the work. */
const LEAST_SAVING = 0.1

/** What a cap works on. */
export interface DiskCapParts {
  /** The current folder of the journal; other journals are beside it. */
  readonly folder: () => string
  readonly limits: Pick<JournalPolicy, 'maxRunBytes' | 'maxSpoolBytes'>
  /** Whether a segment is neither being written nor being delivered. */
  readonly isIdle: (segment: number) => boolean
  /** Called with the number of points that were dropped. */
  readonly onThinned: (points: number) => void
  /** Called when nothing more can be thinned and the journal is still too large. */
  readonly onFull: () => void
}

/** Keeps one journal within its disk limit: metrics are thinned, everything else stays. */
export class DiskCap {
  readonly #parts: DiskCapParts
  /** Segments that hold almost nothing but what must stay. */
  readonly #dense = new Set<number>()
  #running: Promise<void> | undefined

  constructor(parts: DiskCapParts) {
    this.#parts = parts
  }

  /** Thin the largest segments until the journal fits; resolves at once when it does. */
  async enforce(): Promise<void> {
    this.#running ??= this.#thinUntilItFits().finally(() => (this.#running = undefined))
    await this.#running
  }

  async #thinUntilItFits(): Promise<void> {
    const { isIdle, onThinned, onFull } = this.#parts
    while (await this.#isTooLarge()) {
      const segment = await this.#largest()
      if (segment === undefined) return onFull()
      // Loaded only when a journal reaches its limit.
      const { thinSegment } = await import('./thin-segment.ts')
      const path = segmentPath(this.#parts.folder(), segment)
      const { points, bytesBefore, bytesAfter } = await thinSegment(path, () => isIdle(segment))
      if (bytesAfter > bytesBefore * (1 - LEAST_SAVING)) this.#dense.add(segment)
      if (points > 0) onThinned(points)
    }
  }

  async #isTooLarge(): Promise<boolean> {
    const { limits } = this.#parts
    const folder = this.#parts.folder()
    if ((await segmentBytes(folder)) > limits.maxRunBytes) return true
    const spool = dirname(folder)
    let bytes = 0
    for (const name of await readdir(spool)) bytes += await segmentBytes(join(spool, name))
    return bytes > limits.maxSpoolBytes
  }

  async #largest(): Promise<number | undefined> {
    const { isIdle } = this.#parts
    const folder = this.#parts.folder()
    let largest: { segment: number; bytes: number } | undefined
    for (const segment of listSegments(folder)) {
      if (!isIdle(segment) || this.#dense.has(segment)) continue
      const bytes = await sizeOf(segmentPath(folder, segment))
      if (largest === undefined || bytes > largest.bytes) largest = { segment, bytes }
    }
    return largest?.segment
  }
}

async function segmentBytes(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => [])
  let bytes = 0
  for (const name of names) if (name.endsWith('.seg')) bytes += await sizeOf(join(folder, name))
  return bytes
}

/** 0 when it is gone: other processes deliver and delete meanwhile. */
async function sizeOf(path: string): Promise<number> {
  return await stat(path).then(
    ({ size }) => size,
    () => 0,
  )
}
