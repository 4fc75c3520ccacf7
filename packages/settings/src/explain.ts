import type * as z from 'zod'
import { closest } from './closest.ts'
import type { SettingsErrorCode } from './errors.ts'
import { hintForUnknownKey } from './unknown-key.ts'

/** A schema issue in plain words. */
export interface Explanation {
  readonly code: SettingsErrorCode
  /** The path in the file, key by key. */
  readonly path: readonly PropertyKey[]
  /** Whether the key itself is wrong rather than its value. */
  readonly atKey: boolean
  readonly message: string
  readonly hint: string
}

/** Looks up the value at a path, as it was written in the file. */
export type ValueAt = (path: readonly PropertyKey[]) => unknown

/** What the schema expects, completing the sentence "expected …", where the format itself does not say it. */
export function expectation(issue: z.core.$ZodRawIssue): string {
  if (issue.code === 'invalid_value') return issue.values.map(String).join(' or ')
  if (issue.code === 'invalid_union') return choices(issue).join(' or ')
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => message).join(', ')
  if (issue.code === 'invalid_type' && issue.expected === 'array') return 'a list'
  if (issue.code === 'invalid_type' && issue.expected === 'number') return 'a number'
  return 'a group of keys'
}

/** Turns one schema issue into sentences. */
export function explain(issue: z.core.$ZodIssue, valueAt: ValueAt): readonly Explanation[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const path = [...issue.path, key]
      return {
        code: 'SOEN_SETTINGS_UNKNOWN_KEY',
        path,
        atKey: true,
        message: `\`${path.join('.')}\` is not a key of the settings`,
        hint: hintForUnknownKey(path, valueAt([...path.slice(0, 2), 'where'])),
      }
    })
  }
  const place = issue.path.length === 0 ? 'the file' : `\`${issue.path.join('.')}\``
  const value = valueAt(issue.path)
  const atKey = issue.code === 'invalid_key'
  const problem = value === undefined && issue.path.length > 0 ? ' is missing' : ''
  const meant = typeof value === 'string' ? closest(value, choices(issue)) : undefined
  return [
    {
      code: 'SOEN_SETTINGS_INVALID',
      path: issue.path,
      atKey,
      message: `${place}${problem}: expected ${issue.message}${atKey ? '' : found(value)}`,
      hint:
        meant === undefined ? 'See the settings reference for what it takes.' : `Did you mean \`${meant}\`?`,
    },
  ]
}

function choices(issue: z.core.$ZodIssue | z.core.$ZodRawIssue): readonly string[] {
  const options = 'options' in issue ? issue.options : 'values' in issue ? issue.values : undefined
  return Array.isArray(options) ? options.map(String) : []
}

function found(value: unknown): string {
  return value === undefined || (typeof value === 'object' && value !== null)
    ? ''
    : `, found ${JSON.stringify(value)}`
}
