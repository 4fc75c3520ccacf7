import { Kysely, PostgresDialect, sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import { Pool } from 'pg'
import { ChangeCount } from './change-count.ts'
import { hearChanges } from './hear-changes.ts'
import { migrations } from './migrations.ts'
import { reach } from './reach.ts'
import type { Schema } from './schema.ts'
import type { Store } from './store.ts'
import { WrittenTables } from './written-tables.ts'

/** A schema of our own: the database may be shared, and MLflow has a table `users`, too. */
const schema = 'soen_auth'
const channel = 'soen_auth_changed'

/** Connects to PostgreSQL by URL, creates our schema in it and migrates that. */
export async function openPostgres(url: string): Promise<Store> {
  const connection = {
    connectionString: url,
    options: `-c search_path=${schema}`,
    connectionTimeoutMillis: 5000,
    query_timeout: 10_000,
    keepAlive: true,
    application_name: 'soen-auth-proxy',
  }
  const pool = new Pool({ ...connection, max: 4 })
  // A broken idle connection is replaced at its next use; the listener reports it.
  pool.on('error', () => {})
  // A connection that breaks between two statements has no other error handler; without this one the program would
  // end.
  pool.on('connect', (client) => client.on('error', () => {}))
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
  try {
    await migrate(db)
    const changes = new ChangeCount()
    const others = await hearChanges(connection, channel, (tables) => changes.add(tables))
    return {
      db,
      version(table) {
        others.check()
        return table === undefined ? changes.total : changes.of(table)
      },
      read: (work) => reach(() => work(db)),
      async change(work) {
        const transaction = db.transaction()
        const written = new WrittenTables()
        const result = await reach(() =>
          transaction.execute(async (within) => {
            const done = await work(within.withPlugin(written))
            // Delivered with the commit, so that whoever is notified sees the change.
            await sql`SELECT pg_notify(${channel}, ${[...(written.names ?? [])].join(' ')})`.execute(within)
            return done
          }),
        )
        await others.catchUp()
        changes.add(written.names)
        return result
      },
      async [Symbol.asyncDispose]() {
        await others.close()
        await db.destroy()
      },
    }
  } catch (error) {
    await db.destroy()
    throw error
  }
}

async function migrate(db: Kysely<Schema>): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableSchema: schema,
  })
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined) throw error
}
