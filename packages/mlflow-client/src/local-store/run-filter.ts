import { refusal } from '../rest/refusal.ts'
import type { WireRun } from '../rest/wire.ts'

const CONDITION =
  /\s*(tags?|params?|attributes?)\.(?:`([^`]+)`|"([^"]+)"|([\w.]+))\s*=\s*'([^']*)'\s*(and\b|$)/iy

/** The part of MLflow's filter language that asks for equality: `tags.a = 'x' and params.b = 'y'`. */
export function parseRunFilter(filter: string): (run: WireRun) => boolean {
  const conditions: ((run: WireRun) => boolean)[] = []
  CONDITION.lastIndex = 0
  let isMoreWanted = filter.trim() !== ''
  while (isMoreWanted) {
    const found = CONDITION.exec(filter)
    if (found === null) {
      throw refusal(
        'INVALID_PARAMETER_VALUE',
        `A local store cannot search by: ${filter}`,
        "Only equality works, joined by `and`: tags.`key` = 'value'",
      )
    }
    const [, kind = '', quoted, doubled, plain, value = '', and] = found
    isMoreWanted = and !== ''
    conditions.push(condition(kind.toLowerCase(), quoted ?? doubled ?? plain ?? '', value))
  }
  return (run) => conditions.every((holds) => holds(run))
}

function condition(kind: string, key: string, value: string): (run: WireRun) => boolean {
  if (kind.startsWith('attribute'))
    return ({ info }) => String(new Map(Object.entries(info)).get(key)) === value
  const list = kind.startsWith('tag') ? 'tags' : 'params'
  return ({ data }) => data[list]?.some((each) => each.key === key && each.value === value) === true
}
