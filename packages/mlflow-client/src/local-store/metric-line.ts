import { fromPythonFloat, toPythonFloat } from './python-float.ts'

/** One point, as in a metric file. */
export interface StoredPoint {
  /** Milliseconds since 1970. */
  readonly timestampMs: number
  readonly value: number
  readonly step: number
}

// The kernel copies a write page by page: a reader or a kill can only come between two pages.
const PAGE_BYTES = 4096
/** The longest line: 17 + 24 + 17 characters and the separators. */
const LONGEST_LINE = 64

/** One line of a metric file, without its line feed. */
export function toMetricLine({ timestampMs, value, step }: StoredPoint): string {
  return `${timestampMs} ${toPythonFloat(value)} ${step}`
}

/** Parse one line; undefined when it is torn or MLflow would not read it. */
export function fromMetricLine(line: string): StoredPoint | undefined {
  const fields = line.trim().split(' ')
  // The fields of a dataset may follow; with them MLflow's own reader takes the step for 0.
  if (fields.length !== 2 && fields.length !== 3 && fields.length !== 5) return undefined
  const timestampMs = integer(fields[0])
  const value = fromPythonFloat(fields[1] ?? '')
  const step = fields.length === 3 ? integer(fields[2]) : 0
  if (timestampMs === undefined || value === undefined || step === undefined) return undefined
  return { timestampMs, value, step }
}

/**
 * Join lines for appending so that no line crosses a page boundary of the file.
 *
 * Spaces fill the rest of a page; every reader of MLflow strips them. So a line is complete or missing, whenever
 * somebody reads and whenever the writer is killed.
 *
 * @param sizeBytes - the file's current size
 */
export function joinWithinPages(lines: readonly string[], sizeBytes: number): string {
  let offset = sizeBytes % PAGE_BYTES
  let text = ''
  for (const line of lines) {
    const left = PAGE_BYTES - ((offset + line.length + 1) % PAGE_BYTES)
    const padded = left < LONGEST_LINE ? line.padEnd(line.length + left) : line
    text += `${padded}\n`
    offset = (offset + padded.length + 1) % PAGE_BYTES
  }
  return text
}

function integer(text: string | undefined): number | undefined {
  return text !== undefined && /^[+-]?\d+$/.test(text) ? Number(text) : undefined
}
