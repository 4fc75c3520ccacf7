import { Refusal } from '../errors/refusals.ts'
import { idKinds } from '../routes/rule.ts'
import type { IdKind, Rule } from '../routes/rule.ts'
import type { Query } from './query.ts'
import { isArtifactName } from './artifact-name.ts'
import { isJsonObject } from './strict-json.ts'
import type { JsonObject, JsonValue } from './strict-json.ts'

/** An id of something that a request is about. */
export interface Id {
  readonly kind: IdKind
  readonly value: string
}

/** The parts of a request in which ids can be. */
export interface IdSources {
  readonly params: Readonly<Record<string, string>>
  readonly query: Query
  readonly body: JsonObject
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

const token = /^[A-Za-z0-9][A-Za-z0-9_:.-]{0,255}$/
// Old models may have a slash in their name; nowhere may a name that becomes a path lead out of its folder.
// oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
const modelName = /^(?!(?:.*\/)?\.{1,2}(?:\/|$))[^\\\u0000-\u001f\u007f]{1,256}$/

/** Whether an id is in canonical form: MLflow also accepts `02`, `+2` and Arabic digits for 2. */
const isCanonical: Readonly<Record<IdKind, (value: string) => boolean>> = {
  'artifact-path': isArtifactName,
  dataset: (value) => token.test(value),
  // MLflow's database has 63 bits for it; larger numbers lead to a 500.
  experiment: (value) => /^(?:0|[1-9][0-9]{0,18})$/.test(value) && BigInt(value) < 2n ** 63n,
  issue: (value) => token.test(value),
  'label-schema': (value) => token.test(value),
  'logged-model': (value) => token.test(value),
  'registered-model': (value) => modelName.test(value),
  'review-queue': (value) => token.test(value),
  run: (value) => token.test(value),
  'stored-path': isArtifactName,
  trace: (value) => token.test(value),
  webhook: (value) => token.test(value),
}

/** Collects the ids that a rule names. Sources of one kind that disagree are refused. */
export function readIds(rule: Rule, sources: IdSources): readonly Id[] {
  const { ids } = rule
  if (ids === undefined) return []
  const found: Id[] = []
  for (const kind of idKinds) {
    const names = ids[kind]
    if (names !== undefined) found.push(...readKind(kind, names, sources))
  }
  return found
}

function readKind(kind: IdKind, names: readonly string[], sources: IdSources): readonly Id[] {
  let first: ReadonlySet<string> | undefined
  for (const name of names) {
    for (const list of valuesOf(name, sources)) {
      if (list.length === 0) continue
      const values = new Set(list)
      if (first !== undefined && first.symmetricDifference(values).size > 0) throw refused()
      first ??= values
    }
  }
  const ids = [...(first ?? [])].map((value) => ({ kind, value }))
  if (!ids.every(({ value }) => isCanonical[kind](value))) throw refused()
  return ids
}

/** The values of a name in each place that has it. Protobuf treats empty texts as unset. */
function valuesOf(name: string, { params, query, body, headers }: IdSources): readonly (readonly string[])[] {
  if (name.startsWith('header:')) return [textOf(headers[name.slice('header:'.length)])]
  return [textOf(params[name]), query.get(name) ?? [], fieldsAt(body, name.split('.'))].map((list) =>
    list.filter((value) => value !== ''),
  )
}

function fieldsAt(object: JsonValue, [name = '', ...rest]: readonly string[]): readonly string[] {
  const value = isJsonObject(object) ? object[name] : undefined
  if (value === undefined || value === null) return []
  // In MLflow's messages only lists have such names.
  const isList = name.endsWith('_ids')
  if (rest.length === 0 && Array.isArray(value) !== isList) throw refused()
  const items = Array.isArray(value) ? value : [value]
  return items.flatMap((item: JsonValue) => (rest.length === 0 ? textOf(item) : fieldsAt(item, rest)))
}

function textOf(value: JsonValue | string[] | undefined): readonly string[] {
  if (value === undefined) return []
  if (typeof value !== 'string') throw refused()
  return [value]
}

function refused(): Refusal {
  return new Refusal('SOEN_ID_NOT_CANONICAL')
}
