import { refusal } from '../rest/refusal.ts'
import type { WireRun } from '../rest/wire.ts'
import { FIELD_PATTERN, runField } from './run-field.ts'

type Compare = (one: WireRun, other: WireRun) => number

const ORDER = new RegExp(String.raw`^\s*${FIELD_PATTERN}(?:\s+(?<direction>asc|desc))?\s*$`, 'i')

/**
 * Parse an order of runs, for example `metrics.loss ASC`: missing values come last, and NaN before them. Equal ones
 * are ordered by their start, latest first, and then by id.
 *
 * @throws MlflowError INVALID_PARAMETER_VALUE
 */
export function parseRunOrder(orderBy: readonly string[]): Compare {
  const compares = [...orderBy.map(parseOrder), byStart]
  return (one, other) => {
    for (const compare of compares) {
      const result = compare(one, other)
      if (result !== 0) return result
    }
    return 0
  }
}

function parseOrder(order: string): Compare {
  const groups: Readonly<Record<string, string>> | undefined = ORDER.exec(order)?.groups
  if (groups === undefined)
    throw refusal('INVALID_PARAMETER_VALUE', `A local store has no order by: ${order}`)
  const { valuesOf } = runField(groups)
  const sign = groups['direction']?.toLowerCase() === 'desc' ? -1 : 1
  return (one, other) => {
    const [[first], [second]] = [valuesOf(one), valuesOf(other)]
    return rank(first) - rank(second) || sign * compareValues(first, second)
  }
}

function rank(value: string | number | undefined): number {
  if (value === undefined) return 2
  return Number.isNaN(value) ? 1 : 0
}

function compareValues(one: string | number | undefined, other: string | number | undefined): number {
  if (one === undefined || other === undefined || one === other) return 0
  if (one < other) return -1
  return one > other ? 1 : 0
}

function byStart({ info: one }: WireRun, { info: other }: WireRun): number {
  return (
    Number(other.start_time ?? 0) - Number(one.start_time ?? 0) || compareValues(one.run_id, other.run_id)
  )
}
