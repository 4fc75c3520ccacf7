// The only file that parses YAML: the build inlines the parser here, so that the package has no dependency.
import { parse, parseAllDocuments, type Tags } from 'yaml'
import { ClientError } from '../errors/client-error.ts'

/** YAML 1.1 as in PyYAML: without `y` and `n` as booleans, and with an exponent only after a decimal point. */
const YES = /^(?:[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON)$/
const NO = /^(?:[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF)$/
const EXPONENT = /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)[eE][-+][0-9]+$/

/**
 * Parse YAML text into plain values as Python's trainers do: with merges, the last of two equal keys, and `yes` and
 * `on`.
 *
 * Of several documents the first with a `logging:` block is used. Errors name the file and the line, never the
 * line's content.
 */
export function parseConfigText(text: string, path: string): unknown {
  try {
    const documents = parseAllDocuments(text, {
      version: '1.1',
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'error',
      customTags: (tags) => tags.map(asPython),
    })
    const values: unknown[] = Array.from(documents, (document) => {
      const [error] = document.errors
      if (error !== undefined) throw error
      return document.toJS({ maxAliasCount: -1 })
    })
    return values.find(hasBlock) ?? values[0]
  } catch (cause) {
    // The parser's own error quotes the source, which may be the password: only its position is used.
    const line = lineOf(cause, text)
    throw new ClientError({
      code: 'SOEN_CONFIG_INVALID',
      message: `${path} is not valid YAML${line === undefined ? '' : ` near line ${line}`}.`,
      hint: 'Check indentation, and put quotes around values with special characters.',
    })
  }
}

function asPython(tag: Tags[number]): Tags[number] {
  if (typeof tag === 'string' || tag.collection !== undefined) return tag
  if (tag.tag.endsWith(':bool')) return { ...tag, test: tag.identify?.(true) === true ? YES : NO }
  return tag.tag.endsWith(':float') && tag.format === 'EXP' ? { ...tag, test: EXPONENT } : tag
}

function hasBlock(document: unknown): boolean {
  return typeof document === 'object' && document !== null && 'logging' in document
}

/** Only unquoted: PyYAML quotes a text that looks like it. */
const nothing = {
  tag: 'tag:yaml.org,2002:null',
  default: true,
  test: /^(?:~|null|Null|NULL)?$/,
  resolve: () => null,
} as const

/** Parse a YAML mapping with every scalar as its text, except `null`; undefined when it is not a mapping. */
export function parseTexts(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = parse(text, {
      schema: 'failsafe',
      customTags: [nothing],
      prettyErrors: false,
      logLevel: 'error',
    })
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}

function lineOf(error: unknown, text: string): number | undefined {
  const offset: unknown =
    typeof error === 'object' && error !== null && 'pos' in error && Array.isArray(error.pos)
      ? error.pos[0]
      : undefined
  return typeof offset === 'number' ? text.slice(0, offset).split('\n').length : undefined
}
