// The only file that knows YAML: the build inlines the parser here, so that the package has no dependency.
import { parse } from 'yaml'
import { ClientError } from '../errors/client-error.ts'

/** Read YAML text into plain values; errors name the file and the line, never the line's content. */
export function parseConfigText(text: string, path: string): unknown {
  try {
    return parse(text, { prettyErrors: false })
  } catch (cause) {
    // The parser's own error quotes the source, which may be the password: keep its position, not its text.
    const line = lineOf(cause, text)
    throw new ClientError({
      code: 'SOEN_CONFIG_INVALID',
      message: `${path} is not valid YAML${line === undefined ? '' : ` near line ${line}`}.`,
      hint: 'Check indentation, and put quotes around values with special characters.',
    })
  }
}

/** Read a YAML mapping with every scalar as the text it is written with; nothing when it is no mapping. */
export function parseTexts(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = parse(text, { schema: 'failsafe', prettyErrors: false, logLevel: 'error' })
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
