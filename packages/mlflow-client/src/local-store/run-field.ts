import { fromWireDouble } from '../rest/double.ts'
import { refusal } from '../rest/refusal.ts'
import type { WireDatasetInput, WireRun } from '../rest/wire.ts'

/** The kinds of run fields that a search can use. */
export type FieldKind = 'metric' | 'number' | 'text' | 'param' | 'tag' | 'dataset'

/** A field of a run, by its name in a filter or an order. */
export interface RunField {
  readonly kind: FieldKind
  readonly key: string
  /** Its values in a run: none, one, or for datasets several. */
  readonly valuesOf: (run: WireRun) => readonly (string | number)[]
}

/** A field in a search: `metrics.loss`, with quotes or backticks around a key with other characters. */
export const FIELD_PATTERN =
  '(?:(?<entity>`?[A-Za-z]+`?)\\.)?(?:`(?<ticked>[^`]*)`|"(?<doubled>[^"]*)"|(?<plain>[\\w.]+))'

const ENTITIES: Readonly<Record<string, 'metric' | 'param' | 'tag' | 'attribute' | 'dataset'>> = {
  metric: 'metric',
  metrics: 'metric',
  parameter: 'param',
  parameters: 'param',
  param: 'param',
  params: 'param',
  tag: 'tag',
  tags: 'tag',
  attribute: 'attribute',
  attributes: 'attribute',
  attr: 'attribute',
  run: 'attribute',
  dataset: 'dataset',
  datasets: 'dataset',
}
const ATTRIBUTES: Readonly<Record<string, keyof WireRun['info']>> = {
  run_id: 'run_id',
  run_name: 'run_name',
  'run name': 'run_name',
  'Run name': 'run_name',
  'Run Name': 'run_name',
  user_id: 'user_id',
  status: 'status',
  artifact_uri: 'artifact_uri',
  start_time: 'start_time',
  created: 'start_time',
  Created: 'start_time',
  end_time: 'end_time',
}
const NUMBERS: ReadonlySet<string> = new Set(['start_time', 'end_time'])
const CONTEXT_TAG = 'mlflow.data.context'

/**
 * The field that a match of `FIELD_PATTERN` names.
 *
 * @throws MlflowError for a field that MLflow does not have
 */
export function runField({
  entity,
  ticked,
  doubled,
  plain = '',
}: Readonly<Record<string, string>>): RunField {
  const key = ticked ?? doubled ?? plain
  const kind = entity === undefined ? 'attribute' : ENTITIES[entity.replaceAll('`', '')]
  if (kind === undefined) throw unknown(`Invalid entity type '${entity}'`)
  if (kind === 'attribute') return attribute(key)
  if (kind === 'dataset') return dataset(key)
  if (kind === 'metric')
    return {
      kind,
      key,
      valuesOf: ({ data }) => named(data.metrics, key).map(({ value }) => fromWireDouble(value)),
    }
  const list = kind === 'param' ? 'params' : 'tags'
  return { kind, key, valuesOf: ({ data }) => named(data[list], key).map(({ value }) => value) }
}

function attribute(name: string): RunField {
  const key = Object.hasOwn(ATTRIBUTES, name) ? ATTRIBUTES[name] : undefined
  if (key === undefined) throw unknown(`Invalid attribute key '${name}' specified`)
  const kind = NUMBERS.has(key) ? 'number' : 'text'
  return {
    kind,
    key,
    valuesOf({ info }) {
      const value = info[key]
      if (value === undefined) return []
      return [kind === 'number' ? Number(value) : value]
    },
  }
}

function dataset(key: string): RunField {
  if (key === 'context')
    return {
      kind: 'dataset',
      key,
      valuesOf: (run) =>
        inputs(run).flatMap(({ tags }) => named(tags, CONTEXT_TAG).map(({ value }) => value)),
    }
  if (key === 'name' || key === 'digest')
    return { kind: 'dataset', key, valuesOf: (run) => inputs(run).map((input) => input.dataset[key]) }
  throw unknown(`Invalid dataset key '${key}' specified`)
}

const inputs = ({ inputs: all }: WireRun): readonly WireDatasetInput[] => all?.dataset_inputs ?? []

function named<Item extends { readonly key: string }>(
  items: readonly Item[] = [],
  key: string,
): readonly Item[] {
  return items.filter((item) => item.key === key)
}

function unknown(message: string): Error {
  return refusal('INVALID_PARAMETER_VALUE', message)
}
