import { StatementSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'

/** The poll of SQLite's counter, which a timer causes and no request. */
const clockwork = 'PRAGMA data_version'
const methods = ['all', 'get', 'run', 'iterate'] as const

/** Counts the SQL statements that this process runs on SQLite during some work. */
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

/** Waits until everything that earlier requests left to write is written. */
export async function untilQuiet(quietMs = 500): Promise<void> {
  while ((await countStatements(() => sleep(quietMs))) > 0);
}
