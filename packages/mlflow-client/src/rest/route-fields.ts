import type { WireDouble } from './double.ts'
import type { MlflowError } from './mlflow-error.ts'
import { refusal } from './refusal.ts'
import type { RunStatus, ViewType, WireDatasetInput, WireKeyValue, WireMetric } from './wire.ts'
import type { RequestOf, RouteName } from './wire-routes.ts'

/** The values that fields of a request can have. */
interface FieldValues {
  readonly text: string
  readonly integer: number
  readonly whole: number | string
  readonly double: WireDouble
  readonly status: RunStatus
  readonly view: ViewType
  readonly texts: readonly string[]
  readonly pairs: readonly WireKeyValue[]
  readonly metrics: readonly WireMetric[]
  readonly datasets: readonly WireDatasetInput[]
  readonly models: readonly { readonly model_id: string }[]
  readonly outputs: readonly { readonly model_id: string; readonly step?: number | string }[]
}

type KindOf<Value> = {
  [Kind in keyof FieldValues]: [Value, FieldValues[Kind]] extends [FieldValues[Kind], Value] ? Kind : never
}[keyof FieldValues]

type FieldsOf<Request> = {
  readonly [Field in keyof Request]-?: undefined extends Request[Field]
    ? KindOf<NonNullable<Request[Field]>>
    : `${KindOf<Request[Field]>}${'!' | '='}`
}

/** The fields of each route's request: those with `!` are required, those with `=` default to empty. */
const ROUTE_FIELDS: { readonly [Name in RouteName]: FieldsOf<RequestOf<Name>> } = {
  'GET experiments/get': { experiment_id: 'text!' },
  'GET experiments/get-by-name': { experiment_name: 'text!' },
  'POST experiments/search': {
    filter: 'text',
    view_type: 'view',
    order_by: 'texts',
    max_results: 'integer',
    page_token: 'text',
  },
  'POST experiments/create': { name: 'text!', tags: 'pairs' },
  'POST experiments/update': { experiment_id: 'text!', new_name: 'text!' },
  'POST experiments/delete': { experiment_id: 'text!' },
  'POST experiments/restore': { experiment_id: 'text!' },
  'POST experiments/set-experiment-tag': { experiment_id: 'text!', key: 'text!', value: 'text=' },
  'POST experiments/delete-experiment-tag': { experiment_id: 'text!', key: 'text!' },
  'GET runs/get': { run_id: 'text!' },
  'POST runs/search': {
    experiment_ids: 'texts',
    filter: 'text',
    run_view_type: 'view',
    order_by: 'texts',
    max_results: 'integer',
    page_token: 'text',
  },
  'POST runs/create': {
    experiment_id: 'text',
    run_name: 'text',
    start_time: 'integer',
    tags: 'pairs',
    user_id: 'text',
  },
  'POST runs/update': { run_id: 'text!', status: 'status', end_time: 'integer', run_name: 'text' },
  'POST runs/delete': { run_id: 'text!' },
  'POST runs/restore': { run_id: 'text!' },
  'POST runs/log-batch': { run_id: 'text!', metrics: 'metrics', params: 'pairs', tags: 'pairs' },
  'POST runs/log-metric': {
    run_id: 'text!',
    key: 'text!',
    value: 'double!',
    timestamp: 'whole!',
    step: 'whole',
  },
  'POST runs/log-parameter': { run_id: 'text!', key: 'text!', value: 'text=' },
  'POST runs/set-tag': { run_id: 'text!', key: 'text!', value: 'text=' },
  'POST runs/delete-tag': { run_id: 'text!', key: 'text!' },
  'POST runs/log-inputs': { run_id: 'text!', datasets: 'datasets', models: 'models' },
  'POST runs/outputs': { run_id: 'text!', models: 'outputs' },
  'GET metrics/get-history': {
    run_id: 'text!',
    metric_key: 'text!',
    max_results: 'integer',
    page_token: 'text',
  },
  'GET artifacts/list': { run_id: 'text!', path: 'text', page_token: 'text' },
}

/** Whether this is the name of a route. */
export function isRoute(name: string): name is RouteName {
  return Object.hasOwn(ROUTE_FIELDS, name)
}

/**
 * Parse the fields of a request, from its query or body, and validate them as MLflow does. Unknown fields are
 * dropped.
 *
 * @throws MlflowError INVALID_PARAMETER_VALUE
 */
export function readRequest<Name extends RouteName>(route: Name, brought: unknown): RequestOf<Name> {
  return readFields(ROUTE_FIELDS[route], brought, '')
}

type Fields = Readonly<Record<string, string>>

/** The fields of the items of a list, or of a field that is itself an object. */
const PARTS: Readonly<Record<string, Fields>> = {
  pairs: { key: 'text!', value: 'text=' },
  metrics: { key: 'text!', value: 'double!', timestamp: 'integer!', step: 'integer' },
  models: { model_id: 'text!' },
  outputs: { model_id: 'text!', step: 'integer' },
  datasets: { dataset: 'dataset!', tags: 'pairs' },
  dataset: {
    name: 'text!',
    digest: 'text!',
    source_type: 'text!',
    source: 'text!',
    schema: 'text',
    profile: 'text',
  },
}

const isText = (value: unknown): boolean => typeof value === 'string'
const isNumeral = (value: unknown): boolean => isText(value) && !Number.isNaN(Number(value))
const isWhole = (value: unknown): boolean => /^-?\d+$/.test(String(value))

/** The check of each single value. */
const CHECKS: Readonly<Record<string, (value: unknown) => boolean>> = {
  text: isText,
  integer: isWhole,
  whole: isWhole,
  // NaN and the infinities are texts: JSON has no literals for them.
  double: (value) => typeof value === 'number' || value === 'NaN' || isNumeral(value),
  status: (value) => /^(RUNNING|SCHEDULED|FINISHED|FAILED|KILLED)$/.test(String(value)),
  view: (value) => /^(ACTIVE_ONLY|DELETED_ONLY|ALL)$/.test(String(value)),
}

/**
 * @param at - the path of the fields, for messages: empty, or `metrics[3].`
 */
function readFields(fields: Fields, brought: unknown, at: string): object {
  const given = new Map<string, unknown>(Object.entries(isObject(brought) ? brought : {}))
  const entries = Object.entries(fields).flatMap(([field, spelled]) => {
    const value = given.get(field) ?? (spelled.endsWith('=') ? '' : undefined)
    if (spelled.endsWith('!') && (value === undefined || value === '')) throw missing(`${at}${field}`)
    return value === undefined ? [] : [[field, readValue(spelled, value, `${at}${field}`)] as const]
  })
  return Object.fromEntries(entries)
}

function readValue(spelled: string, value: unknown, path: string): unknown {
  const kind = spelled.replace(/[!=]$/, '')
  // A list that a query names once is a single value.
  if (kind === 'texts')
    return [value].flat().map((item, index) => readValue('text', item, `${path}[${index}]`))
  const part = PARTS[kind]
  if (part === undefined) {
    if (CHECKS[kind]?.(value) !== true) throw invalid(value, path)
    return kind === 'integer' ? Number(value) : value
  }
  if (!isObject(value)) throw invalid(value, path)
  if (kind === 'dataset') return readFields(part, value, `${path}.`)
  if (!Array.isArray(value)) throw invalid(value, path)
  return value.map((item: unknown, index) => readFields(part, item, `${path}[${index}].`))
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function missing(path: string): MlflowError {
  return refused(`Missing value for required parameter '${path}'.`)
}

function invalid(value: unknown, path: string): MlflowError {
  return refused(`Invalid value ${JSON.stringify(value)} for parameter '${path}' supplied.`)
}

function refused(why: string): MlflowError {
  const message = `${why} See the API docs for more information about request parameters.`
  return refusal('INVALID_PARAMETER_VALUE', message)
}
