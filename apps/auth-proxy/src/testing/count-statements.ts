import { StatementSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'

/** The look at SQLite's counter, which a clock takes and no request. */
const clockwork = 'PRAGMA data_version'
const methods = ['all', 'get', 'run', 'iterate'] as const

/** Counts the SQL statements that this process runs on SQLite while something is done. */
export async function countStatements(work: () => Promise<unknown>): Promise<number> {
  const { prototype } = StatementSync
  let count = 0
  const originals = methods.map((name): readonly [string, unknown] => [name, Reflect.get(prototype, name)])
  for (const [name, method] of originals) {
    if (typeof method !== 'function') throw new Error(`There is no method ${name}.`)
    const counted = function (this: StatementSync, ...parameters: unknown[]): unknown {
      if (this.sourceSQL !== clockwork) count += 1
      return Reflect.apply(method, this, parameters)
    }
    Reflect.set(prototype, name, counted)
  }
  try {
    await work()
  } finally {
    for (const [name, method] of originals) Reflect.set(prototype, name, method)
  }
  return count
}

/** Waits until what earlier requests left to be written is written. */
export async function untilQuiet(quietMs = 500): Promise<void> {
  while ((await countStatements(() => sleep(quietMs))) > 0);
}
