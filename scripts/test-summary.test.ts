import { expect, test } from 'vitest'
import { summarise, type CountedModule } from './test-summary.ts'

const module = (states: readonly string[], errors: readonly unknown[] = []): CountedModule => ({
  errors: () => errors,
  children: { allTests: () => states.map((state) => ({ result: () => ({ state }) })) },
})

test('counts what passed', () => {
  expect(summarise([module(['passed', 'passed']), module(['passed'])], [])).toEqual({ passed: 3, failed: 0 })
})

test.each([
  ['a failed test', summarise([module(['failed'])], [])],
  ['a skipped test', summarise([module(['skipped'])], [])],
  ['a test that never ran', summarise([module(['pending'])], [])],
  ['a file that did not load', summarise([module([], [new Error('syntax')])], [])],
  ['an error outside any test', summarise([], [new Error('unhandled')])],
])('counts %s as failed', (_what, summary) => {
  expect(summary).toEqual({ passed: 0, failed: 1 })
})
