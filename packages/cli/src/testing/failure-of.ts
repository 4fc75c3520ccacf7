import { expect } from 'vitest'
import type { VerbResult } from './verbs-in.ts'

/** A failed verb with its JSON error. */
export interface Failed extends VerbResult {
  readonly code: string
  readonly hint: string
}

/** Parses the JSON error of a failed verb; checks that no stack trace was printed. */
export function failureOf(result: VerbResult): Failed {
  expect(result.status).toBe(1)
  const { error } = Object(JSON.parse(result.stdout))
  expect(result.stderr).not.toMatch(/^ +at .*:\d+:\d+\)?$/m)
  expect(error).toMatchObject({ message: expect.any(String), hint: expect.any(String) })
  return { ...result, ...error }
}
