import { expect, test } from 'vitest'
import { summarise, type CountedModule } from './test-summary.ts'

const module = (states: readonly string[], errors: readonly unknown[] = []): CountedModule => ({
  relativeModuleId: `${states.join('-')}.test.ts`,
  errors: () => errors,
  children: { allTests: () => states.map((state) => ({ result: () => ({ state }) })) },
})

test('counts what passed', () => {
  const modules = [module(['passed', 'passed']), module(['passed'])]
  expect(summarise(modules, [])).toEqual({ passed: 3, failed: 0, failedFiles: [] })
})

test('names the files in which something failed', () => {
  const modules = [module(['passed']), module(['passed', 'failed']), module([], [new Error('syntax')])]
  const { failedFiles } = summarise(modules, [new Error('stray')])
  expect(failedFiles).toEqual(['passed-failed.test.ts', '.test.ts'])
})

test.each([
  ['a failed test', summarise([module(['failed'])], [])],
  ['a skipped test', summarise([module(['skipped'])], [])],
  ['a test that never ran', summarise([module(['pending'])], [])],
  ['a file that did not load', summarise([module([], [new Error('syntax')])], [])],
  ['an error outside any test', summarise([], [new Error('unhandled')])],
])('counts %s as failed', (_what, summary) => {
  expect(summary).toMatchObject({ passed: 0, failed: 1 })
})
