import { Kysely, PostgresDialect, sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import { Pool } from 'pg'
import { hearChanges } from './hear-changes.ts'
import { migrations } from './migrations.ts'
import { reach } from './reach.ts'
import type { Schema } from './schema.ts'
import type { Store } from './store.ts'

/** A schema of our own: the database may be shared, and MLflow's tables are called `users` too. */
const schema = 'soen_auth'
const channel = 'soen_auth_changed'

/** Opens a PostgreSQL by URL, makes our schema in it and brings that up to date. */
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
  // A connection that breaks while nobody uses it is replaced at the next use; the listener reports it.
  pool.on('error', () => {})
  // One that breaks between two statements has nobody else to tell, and would end the program.
  pool.on('connect', (client) => client.on('error', () => {}))
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
  try {
    await migrate(db)
    const changes = await hearChanges(connection, channel)
    let ownChanges = 0
    return {
      db,
      version: () => `${changes.count()}.${ownChanges}`,
      read: (work) => reach(() => work(db)),
      async change(work) {
        const transaction = db.transaction()
        const result = await reach(() =>
          transaction.execute(async (within) => {
            const done = await work(within)
            // Sent with the commit, so that who hears it finds it.
            await sql`SELECT pg_notify(${channel}, '')`.execute(within)
            return done
          }),
        )
        await changes.catchUp()
        ownChanges += 1
        return result
      },
      async [Symbol.asyncDispose]() {
        await changes.close()
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
