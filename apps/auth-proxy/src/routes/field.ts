import { mlflowEnums, mlflowMessages } from './generated/mlflow-messages.ts'

/** The types of plain fields. */
const scalarKinds = [
  'any',
  'bool',
  'bytes',
  'double',
  'duration',
  'field-mask',
  'float',
  'int32',
  'int64',
  'map',
  'string',
  'timestamp',
  'uint32',
  'uint64',
  'value',
] as const

/** The type of a plain field; `map` has texts by name, `value` any JSON, `any` what MLflow's parsers do not read. */
export type ScalarKind = (typeof scalarKinds)[number]

/** The type of a field: a message, an enumeration, or a plain value. */
export type FieldType =
  | { readonly message: string }
  | { readonly names: Readonly<Record<string, number>> }
  | { readonly scalar: ScalarKind }

/** One field as MLflow's parser reads it. */
export interface Field {
  readonly name: string
  /** The second name that MLflow's parser accepts in bodies; the same where there is none. */
  readonly twin: string
  readonly repeats: boolean
  readonly type: FieldType
  /** Of the fields in a group only one may be set. */
  readonly group: string | undefined
}

/** The fields of a message, by every name that MLflow's parser accepts: `run_id` and `runId`. */
export type Shape = ReadonlyMap<string, Field>

/** Parses the notation of the generated table: `name`, `name*`, `name:type`, `name:type|group`. */
export function parseField(text: string): Field {
  const [whole = '', group] = text.split('|')
  const [head = '', type = 'string'] = whole.split(':')
  const repeats = head.endsWith('*')
  const name = repeats ? head.slice(0, -1) : head
  return { name, twin: camelCase(name), repeats, type: typeOf(type), group }
}

function typeOf(type: string): FieldType {
  const scalar = scalarKinds.find((kind) => kind === type)
  if (scalar !== undefined) return { scalar }
  const names = mlflowEnums[type]
  return names === undefined ? { message: type } : { names }
}

/** The second name that protobuf's JSON accepts for a field. */
export function camelCase(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase())
}

const shapes: ReadonlyMap<string, Shape> = new Map(
  Object.entries(mlflowMessages).map(([message, texts]) => [
    message,
    new Map(
      texts.map(parseField).flatMap((field) => [
        [field.name, field],
        [field.twin, field],
      ]),
    ),
  ]),
)

/** The shape of an object whose fields have one name each, and any value. */
export function shapeOfNames(names: readonly string[]): Shape {
  return new Map(names.map((name) => [name, { ...parseField(name), type: { scalar: 'any' } }]))
}

/** The shape of a message of MLflow. */
export function shapeOf(message: string): Shape {
  const shape = shapes.get(message)
  if (shape === undefined) throw new Error(`MLflow has no message ${message}.`)
  return shape
}
