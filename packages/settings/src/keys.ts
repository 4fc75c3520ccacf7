import { plainJsonSchema, schemaNodes } from './json-schema.ts'
import type { JsonSchema, SchemaNode } from './json-schema.ts'
import type { Target } from './settings.ts'

/** One key of the settings file. */
export interface SettingsKey {
  /** Dotted, with `NAME` in place of a target's name. */
  readonly path: string
  /** The kinds of target that have it; empty for a key outside of targets. */
  readonly where: readonly Target['where'][]
  /** The types of value it takes, separated by ` | `. */
  readonly type: string
  /** Whether its group must have it. */
  readonly required: boolean
  /** Default values, each with the kinds of target that have it. */
  readonly defaults: readonly { readonly value: unknown; readonly where: readonly Target['where'][] }[]
}

/** Every key that a settings file may have, in the schema's order. */
export function settingsKeys(): readonly SettingsKey[] {
  const byPath = Map.groupBy(schemaNodes(plainJsonSchema()), (found) => found.path)
  return [...byPath].map(([path, found]) => ({
    path,
    where: kinds(found),
    type: [...new Set(found.flatMap(({ node }) => typeOf(node).split(' | ')))].join(' | '),
    required: found.every(({ required }) => required),
    defaults: [
      ...Map.groupBy(found.filter(hasDefault), ({ node }) => JSON.stringify(node.default)).values(),
    ].map((same) => ({ value: same[0]?.node.default, where: kinds(same) })),
  }))
}

function kinds(found: readonly SchemaNode[]): Target['where'][] {
  return [...new Set(found.flatMap(({ where }) => where ?? []))]
}

// A group that defaults to an empty one may merely be omitted.
function hasDefault({ node }: SchemaNode): boolean {
  return node.default !== undefined && JSON.stringify(node.default) !== '{}'
}

function typeOf(node: JsonSchema): string {
  if (node.title !== undefined) return node.title
  if (node.const !== undefined) return node.const
  if (node.items !== undefined) return `list of ${typeOf(node.items)}`
  return node.type === 'object' || node.oneOf !== undefined ? 'group' : (node.type ?? 'any')
}
