import { mlflowMessages } from './generated/mlflow-messages.ts'

/** One field as MLflow's parser reads it. */
export interface Field {
  readonly name: string
  /** The second spelling that MLflow's parser takes in bodies; the same where there is none. */
  readonly twin: string
  readonly repeats: boolean
  /** The message that it holds; undefined for plain values and for maps, whose keys the caller chooses. */
  readonly message: string | undefined
}

/** The fields of a message, by each name that MLflow's parser takes for them: `run_id` and `runId`. */
export type Shape = ReadonlyMap<string, Field>

/** Reads the notation of the generated table: `name`, `name*`, `name*:Message`. */
export function parseField(text: string): Field {
  const [head = '', message] = text.split(':')
  const repeats = head.endsWith('*')
  const name = repeats ? head.slice(0, -1) : head
  return { name, twin: camelCase(name), repeats, message }
}

/** The second spelling that protobuf's JSON takes for a field. */
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

/** The shape of an object whose fields have one spelling each. */
export function shapeOfNames(names: readonly string[]): Shape {
  return new Map(names.map((name) => [name, parseField(name)]))
}

/** The shape of a message of MLflow. */
export function shapeOf(message: string): Shape {
  const shape = shapes.get(message)
  if (shape === undefined) throw new Error(`MLflow has no message ${message}.`)
  return shape
}
