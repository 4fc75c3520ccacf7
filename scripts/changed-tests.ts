/** The tests that a change can affect: those that use a changed file, directly or indirectly. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { importGraph, sourceFiles } from './import-graph.ts'

/** Files that everything depends on. */
const everywhere =
  /^(pnpm-lock\.yaml|pnpm-workspace\.yaml|package\.json|vitest\.config\.ts|tsconfig\.base\.json)$/

/** Tests that boot hosts take minutes each: they are left to the whole run, unless they changed themselves. */
const isSlow = (file: string): boolean => file.endsWith('.host.test.ts')

/** The tests to run, and affected ones that take too long to run in between. */
export interface ChosenTests {
  readonly chosen: readonly string[]
  readonly leftOut: readonly string[]
}

/**
 * Selects tests by the import graph.
 *
 * @param changed paths from the root of the checkout
 */
export function chooseTests(
  changed: readonly string[],
  graph: ReadonlyMap<string, readonly string[]>,
): ChosenTests {
  const touched = changed.some((file) => everywhere.test(file))
    ? new Set(graph.keys())
    : usersOf(changed, graph)
  const tests = [...touched].filter((file) => file.endsWith('.test.ts')).toSorted()
  const isLeftOut = (file: string): boolean => isSlow(file) && !changed.includes(file)
  return { chosen: tests.filter((file) => !isLeftOut(file)), leftOut: tests.filter(isLeftOut) }
}

/** The files themselves and all that use them, directly or indirectly. */
function usersOf(
  files: readonly string[],
  graph: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const users = new Map<string, string[]>()
  for (const [user, used] of graph)
    for (const file of used) users.set(file, [...(users.get(file) ?? []), user])
  const found = new Set<string>(files)
  for (const file of found) for (const user of users.get(file) ?? []) found.add(user)
  return found
}

/** The files that differ from a commit, including uncommitted changes. */
function changedSince(commit: string): readonly string[] {
  const lines = [
    ...git('diff', '--name-only', '--relative', commit),
    ...git('ls-files', '--others', '--exclude-standard'),
  ]
  return [...new Set(lines)]
}

function git(...args: readonly string[]): readonly string[] {
  const { status, stdout, stderr } = spawnSync('git', args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr.trim())
  return stdout.split('\n').filter((line) => line !== '')
}

/** The tests that changes since a commit, by default the last one, can affect. */
export function testsOfChange(commit = 'HEAD'): ChosenTests {
  const graph = importGraph(sourceFiles())
  const { chosen, leftOut } = chooseTests(changedSince(commit), graph)
  return { chosen: chosen.filter((file) => existsSync(file)), leftOut }
}
