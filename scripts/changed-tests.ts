/** Which tests a change can touch: those that use a changed file, directly or by whatever they use. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { importGraph, sourceFiles } from './import-graph.ts'

/** What everything depends on. */
const everywhere =
  /^(pnpm-lock\.yaml|pnpm-workspace\.yaml|package\.json|vitest\.config\.ts|tsconfig\.base\.json)$/

/** Tests that boot hosts take minutes each: they are left to the whole run, unless they were changed themselves. */
const isSlow = (file: string): boolean => file.endsWith('.host.test.ts')

/** The tests to run, and those that the change touches but that take too long for in between. */
export interface ChosenTests {
  readonly chosen: readonly string[]
  readonly leftOut: readonly string[]
}

/**
 * Chooses by the graph of who uses whom.
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

/** The files themselves and all that use them, by however many steps. */
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

/** What differs from a commit, with what is not committed yet. */
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

/** The tests that what changed since a commit can touch; by default since the last one. */
export function testsOfChange(commit = 'HEAD'): ChosenTests {
  const graph = importGraph(sourceFiles())
  const { chosen, leftOut } = chooseTests(changedSince(commit), graph)
  return { chosen: chosen.filter((file) => existsSync(file)), leftOut }
}
