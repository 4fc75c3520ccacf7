import { LineCounter, isMap, isNode, isScalar, parseDocument } from 'yaml'
import type { Document, Node } from 'yaml'
import { SettingsError } from './errors.ts'
import type { SettingsErrorCode, SettingsProblem } from './errors.ts'
import { expectation, explain } from './explain.ts'
import { settingsSchema } from './schema.ts'
import { findSecrets } from './secrets.ts'
import type { Settings } from './settings.ts'

/**
 * Parses the text of a settings file.
 * @param options.file - Name for messages.
 * @throws {@link SettingsError} with every problem found, each with its line and column.
 */
export function parseSettings(text: string, options: { readonly file?: string } = {}): Settings {
  const { file = 'soen.yaml' } = options
  const counter = new LineCounter()
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false })

  const problem = (
    code: SettingsErrorCode,
    offset: number,
    message: string,
    hint: string,
  ): SettingsProblem => {
    const { line, col } = counter.linePos(offset)
    return { code, message: `${file}:${line}:${col}: ${message}`, hint, line, column: col }
  }

  // Resolves aliases; only now does a dangling one show.
  const plainValue = (): unknown => {
    try {
      return document.toJS()
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause)
      const found = problem('SOEN_SETTINGS_SYNTAX', 0, message, 'Write the value out instead of an alias.')
      throw new SettingsError([found], { cause })
    }
  }

  refuse(
    document.errors.map((error) =>
      problem('SOEN_SETTINGS_SYNTAX', error.pos[0], error.message, 'Mend the YAML at this place.'),
    ),
  )
  refuse(
    findSecrets(document).map(({ node, what }) =>
      problem(
        'SOEN_SETTINGS_SECRET',
        offsetOf(node),
        `${what}; secrets never stand in the settings file`,
        'Take it out, and change it if the file was ever shared. Give it to the program through the environment.',
      ),
    ),
  )

  const result = settingsSchema.safeParse(plainValue(), { error: expectation })
  if (result.success) return result.data
  refuse(
    result.error.issues
      .flatMap((issue) => explain(issue, (path) => document.getIn(path)))
      .map(({ code, path, atKey, message, hint }) =>
        problem(code, offsetAt(document, path, atKey), message, hint),
      ),
  )
  throw result.error
}

function refuse(problems: readonly SettingsProblem[]): void {
  const [first, ...others] = problems
  if (first !== undefined) throw new SettingsError([first, ...others])
}

// A missing key has no position of its own: its parent's is used.
function offsetAt(document: Document, path: readonly PropertyKey[], atKey: boolean): number {
  const parent = document.getIn(path.slice(0, -1), true)
  const pair = isMap(parent)
    ? parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))
    : undefined
  if (atKey && isNode(pair?.key)) return offsetOf(pair.key)
  const node = document.getIn(path, true)
  if (isNode(node)) return offsetOf(node)
  return path.length === 0 ? 0 : offsetAt(document, path.slice(0, -1), true)
}

function offsetOf(node: Node): number {
  return node.range?.[0] ?? 0
}
