import { annotations } from './example.ts'
import { settingsKeys } from './keys.ts'
import type { SettingsKey } from './keys.ts'
import type { Target } from './settings.ts'

/** One row of the settings reference. */
export interface SettingsReferenceRow {
  /** Dotted path, with `NAME` in place of a target's name. */
  readonly key: string
  /** The kinds of target that have the key; empty for a key outside of targets. */
  readonly where: readonly Target['where'][]
  readonly type: string
  /** Whether its group must have it. */
  readonly required: boolean
  /** The default in words; undefined if there is none. */
  readonly default: string | undefined
  /** One or two sentences of Markdown. */
  readonly description: string
  /** An example in YAML; undefined for a group. */
  readonly example: string | undefined
}

/**
 * The settings reference: types and defaults from the schema, descriptions and examples from the annotated example.
 */
export function settingsReference(): readonly SettingsReferenceRow[] {
  const described = annotations()
  return settingsKeys().map((key) => {
    const annotation = described.get(key.path)
    return {
      key: key.path,
      where: key.where,
      type: key.type,
      required: key.required,
      default: defaultInWords(key),
      description: annotation?.description ?? '',
      example: annotation?.example === undefined ? undefined : inYaml(annotation.example),
    }
  })
}

function defaultInWords({ defaults, where }: SettingsKey): string | undefined {
  if (defaults.length === 0) return undefined
  return defaults
    .map((entry) =>
      entry.where.length === where.length
        ? inYaml(entry.value)
        : `${inYaml(entry.value)} (${entry.where.join(', ')})`,
    )
    .join(', ')
}

function inYaml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inYaml).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([key, entry]) => `${key}: ${inYaml(entry)}`)
      .join(', ')
  }
  // YAML would read a string of digits as a number.
  return typeof value === 'string' && /^\d+$/.test(value) ? `'${value}'` : String(value)
}
