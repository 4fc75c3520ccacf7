import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Every migration of the schema, by name in order. A released one never changes. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001_users': {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('users')
        .addColumn('name', 'text', (column) => column.primaryKey().notNull())
        .addColumn('role', 'text', (column) => column.notNull())
        .addColumn('password_hash', 'text', (column) => column.notNull())
        .addColumn('created_at', 'text', (column) => column.notNull())
        .addColumn('updated_at', 'text', (column) => column.notNull())
        .execute()
    },
  },
  '0002_accounts': {
    // SQLite cannot drop NOT NULL from a column, so the table is recreated.
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema.alterTable('users').renameTo('users_before').execute()
      await db.schema
        .createTable('users')
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('role', 'text', (column) => column.notNull())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('password_hash', 'text')
        .addColumn('disabled_at', 'text')
        .addColumn('legacy_until', 'text')
        .addColumn('created_at', 'text', (column) => column.notNull())
        .addColumn('updated_at', 'text', (column) => column.notNull())
        // Named, because the old table still has PostgreSQL's default name for it.
        .addPrimaryKeyConstraint('accounts_key', ['name'])
        .execute()
      await sql`INSERT INTO users
        SELECT name, role, 'person', password_hash, NULL, NULL, created_at, updated_at
        FROM users_before`.execute(db)
      await db.schema.dropTable('users_before').execute()
    },
  },
  '0003_tokens_sessions_locks': {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('tokens')
        .addColumn('id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('owner', 'text', (column) => column.notNull())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('sha256', 'text', (column) => column.notNull())
        .addColumn('created_at', 'text', (column) => column.notNull())
        .addColumn('expires_at', 'text')
        .addColumn('last_used_at', 'text')
        .execute()
      await db.schema
        .createTable('sessions')
        .addColumn('id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('sha256', 'text', (column) => column.notNull().unique())
        .addColumn('owner', 'text', (column) => column.notNull())
        .addColumn('address', 'text', (column) => column.notNull())
        .addColumn('user_agent', 'text', (column) => column.notNull())
        .addColumn('created_at', 'text', (column) => column.notNull())
        .addColumn('last_seen_at', 'text', (column) => column.notNull())
        .addColumn('expires_at', 'text', (column) => column.notNull())
        .execute()
      await db.schema
        .createTable('locks')
        .addColumn('key', 'text', (column) => column.primaryKey().notNull())
        .addColumn('strikes', 'integer', (column) => column.notNull())
        .addColumn('until', 'text', (column) => column.notNull())
        .execute()
    },
  },
  '0004_audit': {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('audit')
        .addColumn('writer', 'text', (column) => column.notNull())
        .addColumn('seq', 'integer', (column) => column.notNull())
        .addColumn('time', 'text', (column) => column.notNull())
        .addColumn('request_id', 'text')
        .addColumn('actor', 'text')
        .addColumn('action', 'text', (column) => column.notNull())
        .addColumn('allowed', 'integer', (column) => column.notNull())
        .addColumn('asked', 'integer', (column) => column.notNull())
        .addColumn('record', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('audit_key', ['writer', 'seq'])
        .execute()
      await db.schema.createIndex('audit_by_time').on('audit').columns(['time', 'writer', 'seq']).execute()
      await db.schema.createIndex('audit_by_actor').on('audit').columns(['actor', 'time']).execute()
      await db.schema.createIndex('audit_by_request').on('audit').column('request_id').execute()
      await db.schema
        .createTable('audit_subjects')
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('value', 'text', (column) => column.notNull())
        .addColumn('writer', 'text', (column) => column.notNull())
        .addColumn('seq', 'integer', (column) => column.notNull())
        .addPrimaryKeyConstraint('audit_subjects_key', ['kind', 'value', 'writer', 'seq'])
        .execute()
      await db.schema
        .createIndex('audit_subjects_by_record')
        .on('audit_subjects')
        .columns(['writer', 'seq'])
        .execute()
      await db.schema
        .createTable('audit_heads')
        .addColumn('writer', 'text', (column) => column.primaryKey().notNull())
        .addColumn('seq', 'integer', (column) => column.notNull())
        .addColumn('hash', 'text', (column) => column.notNull())
        .addColumn('time', 'text', (column) => column.notNull())
        .addColumn('folder', 'text')
        .execute()
    },
  },
  '0005_unlocks_trusted_networks': {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('unlocks')
        .addColumn('key', 'text', (column) => column.primaryKey().notNull())
        .addColumn('unlocked_at', 'text', (column) => column.notNull())
        .execute()
      await db.schema
        .createTable('trusted_networks')
        .addColumn('owner', 'text', (column) => column.notNull())
        .addColumn('network', 'text', (column) => column.notNull())
        .addColumn('seen_at', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('trusted_networks_key', ['owner', 'network'])
        .execute()
    },
  },
  '0006_audit_search': {
    async up(db: Kysely<unknown>): Promise<void> {
      // The time is part of the key, so that matches come out in order.
      await db.schema.alterTable('audit_subjects').renameTo('audit_subjects_before').execute()
      await db.schema
        .createTable('audit_subjects')
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('value', 'text', (column) => column.notNull())
        .addColumn('time', 'text', (column) => column.notNull())
        .addColumn('writer', 'text', (column) => column.notNull())
        .addColumn('seq', 'integer', (column) => column.notNull())
        .addPrimaryKeyConstraint('audit_subjects_in_time', ['kind', 'value', 'time', 'writer', 'seq'])
        .execute()
      await sql`INSERT INTO audit_subjects (kind, value, time, writer, seq)
        SELECT subject.kind, subject.value, audit.time, subject.writer, subject.seq
        FROM audit_subjects_before AS subject
        JOIN audit ON audit.writer = subject.writer AND audit.seq = subject.seq`.execute(db)
      await db.schema.dropTable('audit_subjects_before').execute()
      await db.schema
        .createIndex('audit_subjects_by_record')
        .on('audit_subjects')
        .columns(['writer', 'seq', 'kind', 'value'])
        .execute()
      await db.schema
        .createTable('audit_places')
        .addColumn('experiment', 'text', (column) => column.notNull())
        .addColumn('run', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('audit_places_key', ['experiment', 'run'])
        .execute()
      await sql`INSERT INTO audit_places (experiment, run)
        SELECT DISTINCT place.value, run.value FROM audit_subjects AS place
        JOIN audit_subjects AS run ON run.writer = place.writer AND run.seq = place.seq AND run.kind = 'run'
        JOIN audit ON audit.writer = place.writer AND audit.seq = place.seq AND audit.allowed = 1
        WHERE place.kind = 'experiment'`.execute(db)
      await db.schema.dropIndex('audit_by_actor').execute()
      await db.schema
        .createIndex('audit_by_actor')
        .on('audit')
        .columns(['actor', 'time', 'writer', 'seq'])
        .execute()
      await sql`CREATE INDEX audit_denied ON audit (time, writer, seq) WHERE allowed = 0`.execute(db)
      await db.schema
        .createTable('audit_clock')
        .addColumn('name', 'text', (column) => column.primaryKey().notNull())
        .addColumn('time', 'text', (column) => column.notNull())
        .execute()
    },
  },
}
