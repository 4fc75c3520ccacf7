import {
  closeSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs'
import { fromMetricLine, joinWithinPages, toMetricLine, type StoredPoint } from './metric-line.ts'
import { writeWhole } from './whole-file.ts'

/** How much of a file's end is searched for a torn line. */
const TAIL_BYTES = 4096

/**
 * Appends points to one metric file, each exactly once however often it is delivered.
 *
 * MLflow's databases drop exact duplicates by themselves; its file store keeps them, and its migration to a database
 * then fails.
 */
export class MetricFile {
  readonly #root: string
  readonly #path: string
  readonly #appendTo: (path: string, text: string) => void
  /** The file's size after our own last write; any other size means that somebody else wrote. */
  #sizeBytes: number | undefined
  #newestMs = -Infinity
  /** Lines at the newest time: only for an older time must the file be read. */
  #newest = new Set<string>()

  constructor(root: string, path: string, appendTo: (path: string, text: string) => void = appendText) {
    this.#root = root
    this.#path = path
    this.#appendTo = appendTo
  }

  /** Append the points that are not in the file yet. */
  append(points: readonly StoredPoint[]): void {
    const size = this.#mend()
    if (size !== this.#sizeBytes) this.#forget(size)
    const known = this.#knownSince(Math.min(...points.map(({ timestampMs }) => timestampMs)))
    const fresh: { readonly timestampMs: number; readonly line: string }[] = []
    for (const point of points) {
      const line = toMetricLine(point)
      if (known.has(line)) continue
      known.add(line)
      fresh.push({ timestampMs: point.timestampMs, line })
    }
    if (fresh.length === 0) return
    const lines = fresh.map(({ line }) => line)
    this.#sizeBytes = this.#write(lines, size)
    // What could not be written is not remembered, so that it is written again.
    for (const { timestampMs, line } of fresh) this.#remember(timestampMs, line)
  }

  #write(lines: readonly string[], size: number): number {
    const text = joinWithinPages(lines, size)
    // An empty metric file makes MLflow refuse the whole experiment, so it is created with its first lines.
    if (size === 0) writeWhole(this.#root, this.#path, text)
    else this.#appendTo(this.#path, text)
    return size + text.length
  }

  /** Cut off a line during which a writer was killed; returns the file's size. */
  #mend(): number {
    const size = sizeOf(this.#path)
    if (size === 0 || size === this.#sizeBytes) return size
    const fd = openSync(this.#path, 'r+')
    try {
      const tail = Buffer.alloc(Math.min(size, TAIL_BYTES))
      readSync(fd, tail, 0, tail.length, size - tail.length)
      const whole = size - tail.length + tail.lastIndexOf('\n') + 1
      // A file without any whole line is replaced by the first write instead.
      if (whole < size && whole > 0) ftruncateSync(fd, whole)
      return whole
    } finally {
      closeSync(fd)
    }
  }

  #forget(size: number): void {
    this.#sizeBytes = size
    this.#newestMs = -Infinity
    this.#newest.clear()
    if (size === 0) return
    for (const { timestampMs, line } of readLines(this.#path)) this.#remember(timestampMs, line)
  }

  #remember(timestampMs: number, line: string): void {
    if (timestampMs < this.#newestMs) return
    if (timestampMs > this.#newestMs) this.#newest.clear()
    this.#newestMs = timestampMs
    this.#newest.add(line)
  }

  #knownSince(sinceMs: number): Set<string> {
    if (sinceMs >= this.#newestMs) return new Set(this.#newest)
    const lines = readLines(this.#path).filter(({ timestampMs }) => timestampMs >= sinceMs)
    return new Set(lines.map(({ line }) => line))
  }
}

function readLines(path: string): { readonly timestampMs: number; readonly line: string }[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((text) => {
      const point = fromMetricLine(text)
      // Formatted again: another program may format the same number differently.
      return point === undefined ? [] : [{ timestampMs: point.timestampMs, line: toMetricLine(point) }]
    })
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

function appendText(path: string, text: string): void {
  const fd = openSync(path, 'a')
  try {
    const before = fstatSync(fd).size
    const bytes = Buffer.from(text, 'latin1')
    let written = 0
    try {
      while (written < bytes.length) written += writeSync(fd, bytes, written)
    } catch (error) {
      // A full disk may have stored half a line.
      ftruncateSync(fd, before)
      throw error
    }
  } finally {
    closeSync(fd)
  }
}
