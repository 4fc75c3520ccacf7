import { DatabaseSync, StatementSync } from 'node:sqlite'

/** SQLite's query plan, line by line, for each statement that reads several rows during some work. */
export async function queryPlans(file: string, work: () => Promise<unknown>): Promise<readonly string[]> {
  const { prototype } = StatementSync
  // oxlint-disable-next-line typescript/unbound-method -- it is called with the statement that it was called for
  const { all } = prototype
  const seen = new Set<string>()
  const watched = function (this: StatementSync, ...parameters: unknown[]): unknown {
    seen.add(this.sourceSQL)
    return Reflect.apply(all, this, parameters)
  }
  Reflect.set(prototype, 'all', watched)
  try {
    await work()
  } finally {
    Reflect.set(prototype, 'all', all)
  }
  using database = new DatabaseSync(file)
  return [...seen].flatMap((text) =>
    database
      .prepare(`EXPLAIN QUERY PLAN ${text}`)
      .all()
      .map(({ detail }) => String(detail)),
  )
}
