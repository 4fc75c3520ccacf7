import { fromMetricLine, joinWithinPages, toMetricLine } from '../metric-line.ts'

/** What is wrong with a metric file, and its repaired content; no content means that no line is whole. */
export interface MetricDamage {
  readonly why: string
  readonly content: string | undefined
}

/**
 * Find the lines of a metric file that make MLflow refuse the experiment, or its migration; undefined when there are
 * none.
 */
export function findMetricDamage(text: string): MetricDamage | undefined {
  if (text === '') return { why: 'an empty metric file', content: undefined }
  const lines = text.split('\n')
  // Whatever follows the last line's end is torn, even if it starts like a point.
  const tail = lines.pop()
  const whole = new Map<string, string>()
  let torn = tail === '' ? 0 : 1
  let repeated = 0
  for (const line of lines) {
    const point = fromMetricLine(line)
    if (point === undefined) torn += 1
    else if (whole.has(toMetricLine(point))) repeated += 1
    else whole.set(toMetricLine(point), line.trim())
  }
  if (torn === 0 && repeated === 0) return undefined
  const found = [torn > 0 && `${torn} torn line(s)`, repeated > 0 && `${repeated} point(s) repeated exactly`]
  const why = found.filter((each) => each !== false).join(', ')
  if (whole.size === 0) return { why: 'not one whole line', content: undefined }
  return { why, content: joinWithinPages([...whole.values()], 0) }
}
