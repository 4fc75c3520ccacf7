import { expect } from 'vitest'
import type { VerbResult } from './verbs-in.ts'

/** A verb that failed, and what it said to programs. */
export interface Failed extends VerbResult {
  readonly code: string
  readonly hint: string
}

/** What a program reads of a failure; a person sees no stack trace. */
export function failureOf(result: VerbResult): Failed {
  expect(result.status).toBe(1)
  const { error } = Object(JSON.parse(result.stdout))
  expect(result.stderr).not.toMatch(/^ +at .*:\d+:\d+\)?$/m)
  expect(error).toMatchObject({ message: expect.any(String), hint: expect.any(String) })
  return { ...result, ...error }
}
