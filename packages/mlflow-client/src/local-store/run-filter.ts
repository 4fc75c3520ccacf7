import { refusal } from '../rest/refusal.ts'
import type { WireRun } from '../rest/wire.ts'
import { FIELD_PATTERN, runField, type FieldKind, type RunField } from './run-field.ts'

type Value = string | number | readonly string[]
type Comparison = (found: string | number, wanted: Value) => boolean

/**
 * Texts end at their own kind of quote; as in MLflow, a quote inside, doubled or after a backslash, is kept as
 * written.
 */
const TEXT = String.raw`'(?:''|\\'|[^'])*'|"(?:""|\\"|[^"])*"`
const NUMBER = String.raw`-?(?:\d+(?:\.\d*)?|\.\d+)(?:e-?\d+)?`
const CLAUSE = new RegExp(
  String.raw`\s*${FIELD_PATTERN}\s*(?:(?<null>is\s+(?:not\s+)?null)\b|` +
    String.raw`(?<comparator><=|>=|!=|<|>|=|(?:not\s+)?in\b|i?like\b)\s*` +
    String.raw`(?:(?<text>${TEXT})|(?<number>${NUMBER})(?![\w.])|\((?<list>[^()]*)\)))\s*(?<and>and\b|$)`,
  'isy',
)
const LIST = new RegExp(String.raw`^\s*(?:${TEXT})(?:\s*,\s*(?:${TEXT}))*\s*,?\s*$`, 's')

const ORDERED: Readonly<Record<string, Comparison>> = {
  '=': (found, wanted) => found === wanted,
  '!=': (found, wanted) => found !== wanted,
  '<': (found, wanted) => found < wanted,
  '<=': (found, wanted) => found <= wanted,
  '>': (found, wanted) => found > wanted,
  '>=': (found, wanted) => found >= wanted,
}
const LIKE: Readonly<Record<string, Comparison>> = {
  '=': (found, wanted) => found === wanted,
  '!=': (found, wanted) => found !== wanted,
  LIKE: (found, wanted) => likePattern(String(wanted), '').test(String(found)),
  ILIKE: (found, wanted) => likePattern(String(wanted), 'i').test(String(found)),
}
const LISTED: Readonly<Record<string, Comparison>> = {
  ...LIKE,
  IN: (found, wanted) => isIn(found, wanted),
  'NOT IN': (found, wanted) => !isIn(found, wanted),
}
const COMPARISONS: Readonly<Record<FieldKind, Readonly<Record<string, Comparison>>>> = {
  metric: ORDERED,
  number: ORDERED,
  param: LIKE,
  tag: LIKE,
  text: LISTED,
  dataset: LISTED,
}

/**
 * Parse a filter in MLflow's language: comparisons of metrics, params, tags, attributes and datasets, joined by
 * `and`.
 *
 * It matches what MLflow's own file store matches: a metric by its last value, and never a missing key.
 *
 * @throws MlflowError INVALID_PARAMETER_VALUE for what MLflow refuses, too
 */
export function parseRunFilter(filter: string): (run: WireRun) => boolean {
  const conditions: ((run: WireRun) => boolean)[] = []
  CLAUSE.lastIndex = 0
  let isMoreWanted = filter.trim() !== ''
  while (isMoreWanted) {
    const groups: Readonly<Record<string, string>> | undefined = CLAUSE.exec(filter)?.groups
    if (groups === undefined) throw refused(filter)
    conditions.push(condition(groups, filter))
    // MLflow tolerates a trailing `and`.
    isMoreWanted = filter.slice(CLAUSE.lastIndex).trim() !== ''
  }
  return (run) => conditions.every((holds) => holds(run))
}

function condition(groups: Readonly<Record<string, string>>, filter: string): (run: WireRun) => boolean {
  const field = runField(groups)
  if (groups['null'] !== undefined) {
    if (field.kind !== 'tag' && field.kind !== 'param') throw refused(filter)
    const isWanted = /not/i.test(groups['null'])
    return (run) => field.valuesOf(run).length > 0 === isWanted
  }
  const comparator = (groups['comparator'] ?? '').toUpperCase().replace(/\s+/, ' ')
  const compare = COMPARISONS[field.kind][comparator]
  const wanted = wantedValue(field, comparator, groups)
  if (compare === undefined || wanted === undefined) throw refused(filter)
  return (run) => field.valuesOf(run).some((found) => compare(found, wanted))
}

function wantedValue(
  { kind, key }: RunField,
  comparator: string,
  { text, number, list }: Readonly<Record<string, string>>,
): Value | undefined {
  if (kind === 'metric' || kind === 'number') return number === undefined ? undefined : Number(number)
  if (!comparator.endsWith('IN')) return text?.slice(1, -1)
  const mayBeListed = kind === 'dataset' || key === 'run_id'
  if (!mayBeListed || list === undefined || !LIST.test(list)) return undefined
  return Array.from(list.matchAll(new RegExp(TEXT, 'gs')), ([item]) => item.slice(1, -1))
}

function isIn(found: string | number, wanted: Value): boolean {
  return Array.isArray(wanted) && wanted.includes(found)
}

/** As in MLflow's file store: `%` matches any text without line feeds, `_` one such character. */
function likePattern(pattern: string, flags: 'i' | ''): RegExp {
  const body = pattern
    .replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
    .replaceAll('%', String.raw`[^\n]*`)
    .replaceAll('_', String.raw`[^\n]`)
  // Python's `$` also matches before a final line feed.
  return new RegExp(`^${body}${pattern.endsWith('%') ? '' : String.raw`\n?$`}`, `u${flags}`)
}

function refused(filter: string): Error {
  return refusal(
    'INVALID_PARAMETER_VALUE',
    `A local store cannot search by: ${filter}`,
    "Compare fields with values and join them by `and`: metrics.`val/loss` < 0.1 and tags.model LIKE 'dendrite%'",
  )
}
