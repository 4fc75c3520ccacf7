import { expect, test } from 'vitest'
import { chooseTests } from './changed-tests.ts'
import { importGraph, namesIn, sourceFiles } from './import-graph.ts'

const graph = new Map([
  ['a/leaf.ts', []],
  ['a/middle.ts', ['a/leaf.ts']],
  ['a/leaf.test.ts', ['a/leaf.ts']],
  ['a/middle.test.ts', ['a/middle.ts']],
  ['b/other.test.ts', ['b/other.ts']],
  ['b/deploy.host.test.ts', ['a/middle.ts']],
])

test.each([
  ['a leaf', ['a/leaf.ts'], ['a/leaf.test.ts', 'a/middle.test.ts'], ['b/deploy.host.test.ts']],
  ['what one file uses', ['b/other.ts'], ['b/other.test.ts'], []],
  ['a test', ['b/other.test.ts'], ['b/other.test.ts'], []],
  ['a test that boots hosts', ['b/deploy.host.test.ts'], ['b/deploy.host.test.ts'], []],
  ['a text that nothing uses', ['README.md'], [], []],
  [
    'the lockfile',
    ['pnpm-lock.yaml'],
    ['a/leaf.test.ts', 'a/middle.test.ts', 'b/other.test.ts'],
    ['b/deploy.host.test.ts'],
  ],
])('runs after a change of %s what that can touch', (_what, changed, chosen, leftOut) => {
  expect(chooseTests(changed, graph)).toEqual({ chosen, leftOut })
})

test('counts as used what a file imports, starts or reads', () => {
  const text = `
import { a } from './a.ts'
import type { B } from '@soen/b'
export { c } from './c.ts'
const d = await import('./d.ts')
const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const script = join(import.meta.dirname, 'read.py')`
  expect(namesIn(text).map(({ specifier }) => specifier)).toEqual([
    './a.ts',
    '@soen/b',
    './c.ts',
    './d.ts',
    '../main.ts',
    'read.py',
  ])
})

test('knows that a test of the terminal, which starts it as a program, uses every verb', () => {
  const { chosen } = chooseTests(['packages/settings/src/parse.ts'], importGraph(sourceFiles()))
  expect(chosen).toContain('packages/settings/src/parse.test.ts')
  expect(chosen).toContain('packages/cli/src/program.test.ts')
  expect(chosen).not.toContain('packages/mlflow-client/src/sanitize.test.ts')
})
