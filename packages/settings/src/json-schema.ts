import * as z from 'zod'
import { annotations } from './example.ts'
import { settingsSchema } from './schema.ts'
import type { Target } from './settings.ts'

/** The part of JSON Schema that the settings use. */
export interface JsonSchema {
  readonly type?: string
  readonly title?: string
  description?: string
  readonly const?: string
  readonly default?: unknown
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly oneOf?: readonly JsonSchema[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: JsonSchema | boolean
}

/** A key, as one branch of the schema has it. */
export interface SchemaNode {
  /** Dotted, with `NAME` in place of a target's name. */
  readonly path: string
  readonly node: JsonSchema
  readonly required: boolean
  /** The kind of target that has it; undefined outside of targets. */
  readonly where: Target['where'] | undefined
}

/** JSON Schema of a settings file, for editors; descriptions come from the annotated example. */
export function settingsJsonSchema(): JsonSchema {
  const schema = plainJsonSchema()
  const described = annotations()
  for (const { path, node } of schemaNodes(schema)) {
    const description = described.get(path)?.description
    if (description !== undefined) node.description = description
  }
  return schema
}

/** The schema as JSON Schema, without descriptions. */
export function plainJsonSchema(): JsonSchema {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- zod types every form JSON Schema has; the settings use these
  return z.toJSONSchema(settingsSchema, { io: 'input' }) as JsonSchema
}

/** Every key of every branch, parents first. */
export function* schemaNodes(
  schema: JsonSchema,
  path = '',
  where?: SchemaNode['where'],
): Generator<SchemaNode> {
  for (const branch of schema.oneOf ?? []) yield* schemaNodes(branch, path, kindOf(branch) ?? where)
  const children = Object.entries(schema.properties ?? {})
  if (typeof schema.additionalProperties === 'object') children.push(['NAME', schema.additionalProperties])
  for (const [key, node] of children) {
    const childPath = path === '' ? key : `${path}.${key}`
    yield { path: childPath, node, where, required: schema.required?.includes(key) ?? false }
    yield* schemaNodes(node, childPath, where)
  }
}

const targetKinds = ['aws', 'ssh', 'local'] as const

function kindOf(branch: JsonSchema): SchemaNode['where'] {
  return targetKinds.find((kind) => kind === branch.properties?.['where']?.const)
}
