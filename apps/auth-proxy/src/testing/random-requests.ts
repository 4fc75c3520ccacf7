import { mlflowMessages } from '../routes/generated/mlflow-messages.ts'
import { mlflowRoutes } from '../routes/generated/mlflow-routes.ts'
import { camelCase, parseField } from '../routes/field.ts'
import type { Field, ScalarKind } from '../routes/field.ts'
import { rules } from '../routes/rules.ts'

/** A request that a client might send, well-meaning or not. */
export interface RawRequest {
  readonly method: string
  readonly target: string
  readonly body: Buffer | undefined
}

/** A generator of numbers in [0, 1), determined by its seed (mulberry32). */
export type Random = () => number

/** Creates one. */
export function seededRandom(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Routes that carry ids in a message, where two parsers could disagree. */
const targets = Object.entries(rules).flatMap(([name, { ids, feature, level }]) => {
  const message = mlflowRoutes[name]
  const isOpen = feature === undefined && level !== 'deny' && !name.includes('artifact_path')
  return ids !== undefined && isOpen && typeof message === 'string'
    ? [{ name, message, sources: Object.values(ids).flat() }]
    : []
})
const goodIds = ['1', '2', '10', 'a', '0123456789abcdef', 'tr-1', 'm-2']
const oddIds = ['02', '+2', '\u0662', ' 2', '', '1 ', 'a/b', '%32', 'a\0', '２']

const soundValues: Readonly<Record<ScalarKind, unknown>> = {
  any: 'x',
  bool: true,
  bytes: 'YQ==',
  double: 0.5,
  duration: '1.5s',
  'field-mask': 'aB,c',
  float: 0.5,
  int32: 3,
  int64: '9007199254740993',
  map: { a: 'b' },
  string: 'x',
  timestamp: '2026-01-01T00:00:00Z',
  uint32: 3,
  uint64: 3,
  value: { a: [1, null] },
}
const oddValues: readonly unknown[] = [
  null,
  true,
  1,
  1.5,
  -1,
  1e30,
  2 ** 40,
  JSON.rawJSON('1.0'),
  JSON.rawJSON('1e400'),
  JSON.rawJSON('9223372036854775808'),
  JSON.rawJSON('1'.repeat(5000)),
  '',
  '7',
  ' 7',
  '1_0',
  '\u0661',
  '1e3',
  'NaN',
  'nan',
  'true',
  'RUNNING',
  '2026-01-01',
  '3s',
  '\ud800',
  '\u{1f600}',
  {},
  { a: 1 },
  { a: null },
  [],
  [null],
  ['x', 1],
]

/** The fields of a message that are neither ids nor messages. */
function plainFields(message: string): readonly Field[] {
  const fields = (mlflowMessages[message] ?? []).map(parseField)
  return fields.filter(({ name, type }) => !('message' in type) && !/(?:_ids?|_uuid)$/.test(name))
}

/**
 * Builds a random request to a random route: usually valid, sometimes in a form that two parsers could read
 * differently.
 */
export function randomRequest(random: Random): RawRequest {
  const pick = <Item>(items: readonly Item[], fallback: Item): Item =>
    items[Math.floor(random() * items.length)] ?? fallback
  const rarely = (): boolean => random() < 0.06
  const id = (): string => (rarely() ? pick(oddIds, '') : pick(goodIds, '1'))
  const { name, message, sources } = pick(targets, { name: 'GET /', message: '', sources: [] })
  const [method = '', pattern = ''] = name.split(' ')
  const prefix = pick(['/api', '/ajax-api'], '/api')
  const params = new Map<string, string>()
  const path = pattern.replace('{api}', prefix).replaceAll(/\{(\w+)\}/g, (_match, param: string) => {
    const value = id()
    params.set(param, value)
    return encodeURIComponent(value)
  })

  const fields = sources.filter((source) => !params.has(source) || rarely())
  return method === 'GET' ? asQuery() : asBody()

  function asQuery(): RawRequest {
    const spelled = fields.flatMap((field) => {
      const pair = `${rarely() ? camelCase(field) : field}=${encodeURIComponent(id())}`
      const twice = rarely() ? [`${camelCase(field)}=${encodeURIComponent(id())}`] : []
      return random() < 0.8 ? [pair, ...(rarely() ? [pair] : []), ...twice] : []
    })
    const query = [...spelled, ...(rarely() ? ['unknown=1'] : []), ...(rarely() ? ['run_id=%zz'] : [])].join(
      '&',
    )
    return { method, target: query === '' ? path : `${path}?${query}`, body: undefined }
  }

  function asBody(): RawRequest {
    const object: Record<string, unknown> = {}
    for (const field of fields) if (random() < 0.8) put(object, field.split('.'))
    if (rarely()) object['unknown'] = { run_id: 'x' }
    for (const field of plainFields(message)) if (random() < 0.3) object[field.name] = valueOf(field)
    const query = rarely() ? '?run_id=other&experiment_id=9' : ''
    return { method, target: path + query, body: encode(JSON.stringify(object)) }
  }

  /** Usually a value of the field's type, else one that MLflow's parser might reject. */
  function valueOf({ type, repeats }: Field): unknown {
    const sound =
      'scalar' in type ? soundValues[type.scalar] : Object.keys('names' in type ? type.names : {})[0]
    const value = random() < 0.15 ? pick<unknown>(oddValues, null) : sound
    return repeats !== rarely() ? [value] : value
  }

  /** Sets a field in one of its spellings; messages on the way to it may be in a list. */
  function put(object: Record<string, unknown>, [step = '', ...rest]: readonly string[]): void {
    const spelled = rarely() ? camelCase(step) : step
    if (rarely()) object[camelCase(step)] = id()
    if (rest.length === 0) {
      object[spelled] = rarely() ? pick([null, 1, true, [1]], null) : isList(step) ? [id(), id()] : id()
      return
    }
    const part: Record<string, unknown> = {}
    put(part, rest)
    object[spelled] = isList(step) ? [part] : part
  }

  function encode(text: string): Buffer {
    if (!rarely()) return Buffer.from(text)
    return pick(
      [
        Buffer.from(`\ufeff${text}`),
        Buffer.from(text, 'utf16le'),
        Buffer.from(JSON.stringify(text)),
        Buffer.from(text.replace('{', '{"run_id":"twin",')),
        Buffer.from(text.replace('{', '{"experiment_id":"9","experiment_id":"8",')),
        Buffer.from(`[${text}]`),
      ],
      Buffer.from(text),
    )
  }
}

/** Whether MLflow expects a list under this name. */
function isList(name: string): boolean {
  return /_ids$|^(?:metrics|models|locations|assessments)$/.test(name)
}
