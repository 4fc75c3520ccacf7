import { attempt } from '../run/attempt.ts'
import type { Run } from '../run/run.ts'

/** A table as rows or as columns. */
export type TableData =
  | readonly Readonly<Record<string, unknown>>[]
  | Readonly<Record<string, readonly unknown[]>>

/** MLflow's own rule: its tag is searched by this name. */
const REFUSED_IN_PATH = /["',:[\]{}]/
/**
 * A table is written again when it has grown by this factor, and before each flush: about ten times its size in all.
 */
const GROWTH = 1.1

/** The tables of each run, by path. */
const tables = new WeakMap<Run, Map<string, Table>>()

/**
 * Log rows of a table, which MLflow's page shows and compares, and `mlflow.load_table` reads. The rows of further calls
 * with the same path are added to it, as to MLflow's own client.
 *
 * Dates become ISO texts; NaN, infinities and cells that are not there are empty. A resumed run begins its tables anew. A kill
 * loses at most the last tenth of the rows; `run.flush` writes them all.
 *
 * @param path - ends in `.json`
 */
export function logTable(run: Run, path: string, data: TableData): void {
  attempt(run, `table ${path}`, () => {
    if (!path.endsWith('.json')) throw new TypeError('the path of a table ends in .json')
    if (REFUSED_IN_PATH.test(path))
      throw new TypeError(`MLflow cannot find tables with one of "',:[]{} in their path`)
    const rows = isRows(data) ? data : toRows(data)
    const known = tables.get(run) ?? new Map<string, Table>()
    tables.set(run, known)
    const table = known.get(path) ?? new Table(run, path)
    table.add(rows)
    if (known.has(path)) return
    known.set(path, table)
    const logged = Array.from(known.keys(), (each) => ({ path: each, type: 'table' }))
    run.tag('mlflow.loggedArtifacts', JSON.stringify(logged))
  })
}

class Table {
  readonly #run: Run
  readonly #path: string
  readonly #columns = new Set<string>()
  /** Each cell as JSON, by column: later changes of the program's objects have no effect. */
  readonly #rows: ReadonlyMap<string, string>[] = []
  #writtenRows = 0

  constructor(run: Run, path: string) {
    this.#run = run
    this.#path = path
    run.beforeFlush(() => {
      if (this.#writtenRows < this.#rows.length) this.#write()
    })
  }

  add(rows: readonly Readonly<Record<string, unknown>>[]): void {
    const spelled = rows.map(
      (row) => new Map(Object.entries(row).map(([column, cell]) => [column, spell(cell)])),
    )
    for (const row of spelled) {
      for (const column of row.keys()) this.#columns.add(column)
      this.#rows.push(row)
    }
    if (this.#rows.length > this.#writtenRows * GROWTH) this.#write()
  }

  /** In the form of `pandas.DataFrame.to_json(orient='split')`. */
  #write(): void {
    const columns = [...this.#columns]
    const data = this.#rows.map((row) => `[${columns.map((column) => row.get(column) ?? 'null').join(',')}]`)
    this.#run.text(`{"columns":${JSON.stringify(columns)},"data":[${data.join(',')}]}`, this.#path)
    this.#writtenRows = this.#rows.length
  }
}

function isRows(data: TableData): data is readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(data)
}

function toRows(columns: Readonly<Record<string, readonly unknown[]>>): Record<string, unknown>[] {
  const lengths = new Set(Object.values(columns).map(({ length }) => length))
  if (lengths.size > 1) throw new TypeError(`its columns have ${[...lengths].join(' and ')} values`)
  const [length = 0] = lengths
  return Array.from({ length }, (_, row) =>
    Object.fromEntries(Object.entries(columns).map(([column, cells]) => [column, cells[row]])),
  )
}

function spell(cell: unknown): string {
  const json: string | undefined = JSON.stringify(cell, (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  )
  return json ?? 'null'
}
