import type { Machine } from '../machine/machine.ts'

/**
 * Where to run the query, and its variables, which PostgreSQL quotes: `:'name'` is a text, `:"name"` an identifier.
 */
export interface PostgresQueryOptions {
  readonly port: number
  readonly values?: Readonly<Record<string, string>>
}

/** Runs a query as the cluster's administrator; returns its rows as cells, or null where no cluster answers. */
export async function askPostgres(
  machine: Machine,
  sql: string,
  { port, values = {} }: PostgresQueryOptions,
): Promise<readonly (readonly string[])[] | null> {
  const variables = Object.entries(values).flatMap(([name, value]) => ['--set', `${name}=${value}`])
  const { code, stdout, stderr } = await machine.run(
    'runuser',
    [
      '--user',
      'postgres',
      '--',
      'psql',
      '--no-psqlrc',
      '--quiet',
      '--tuples-only',
      '--no-align',
      '--field-separator',
      '',
      '--set',
      'ON_ERROR_STOP=1',
      '--port',
      String(port),
      ...variables,
      '--dbname',
      'postgres',
    ],
    sql,
  )
  if (code === 0) {
    const lines = stdout.split('\n').filter((line) => line !== '')
    return lines.map((line) => line.split('\u001F'))
  }
  // psql exits with 3 when the SQL failed; any other failure means that nothing answers.
  if (code === 3) throw new Error(`PostgreSQL refused:\n${stderr.trim()}`)
  return null
}

/** Like `askPostgres`, but throws where no cluster answers. */
export async function tellPostgres(
  machine: Machine,
  sql: string,
  options: PostgresQueryOptions,
): Promise<void> {
  if ((await askPostgres(machine, sql, options)) === null) {
    throw new Error(`No PostgreSQL answers on port ${options.port} of the machine: see pg_lsclusters.`)
  }
}
