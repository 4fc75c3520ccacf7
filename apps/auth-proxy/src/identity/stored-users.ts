import type { Kysely } from 'kysely'
import type { Account } from './user.ts'
import type { Schema, UserTable } from '../store/schema.ts'

/** A stored account. Times are ISO 8601 in UTC. */
export interface StoredUser extends Account {
  readonly createdAt: string
  readonly updatedAt: string
}

/** The fields that set an account; those left out of an existing one stay as they are. */
export interface UserChanges {
  readonly role?: Account['role']
  readonly kind?: Account['kind']
  readonly passwordHash?: string
  readonly isDisabled?: boolean
  /** null makes it one person's own password again. */
  readonly legacyUntil?: string | null
}

/** All accounts by name. */
export async function listUsers(db: Kysely<Schema>): Promise<StoredUser[]> {
  const rows = await db.selectFrom('users').selectAll().orderBy('name').execute()
  return rows.map(fromRow)
}

/** One account, or undefined. */
export async function findUser(db: Kysely<Schema>, name: string): Promise<StoredUser | undefined> {
  const row = await db.selectFrom('users').selectAll().where('name', '=', name).executeTakeFirst()
  return row && fromRow(row)
}

/**
 * Creates or changes an account. A new password, or disabling the account, ends its browser sessions; tokens stay,
 * because they are revoked one by one.
 */
export async function setUser(
  db: Kysely<Schema>,
  name: string,
  changes: UserChanges,
  now: Date = new Date(),
): Promise<void> {
  const time = now.toISOString()
  const columns: Partial<UserTable> = { updated_at: time }
  if (changes.role !== undefined) columns.role = changes.role
  if (changes.kind !== undefined) columns.kind = changes.kind
  if (changes.passwordHash !== undefined) columns.password_hash = changes.passwordHash
  if (changes.isDisabled !== undefined) columns.disabled_at = changes.isDisabled ? time : null
  if (changes.legacyUntil !== undefined) columns.legacy_until = changes.legacyUntil
  const fresh: UserTable = {
    name,
    role: 'member',
    kind: 'person',
    password_hash: null,
    disabled_at: null,
    legacy_until: null,
    created_at: time,
    updated_at: time,
  }
  await db
    .insertInto('users')
    .values({ ...fresh, ...columns })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(columns))
    .execute()
  if (changes.passwordHash !== undefined || changes.isDisabled === true) {
    await db.deleteFrom('sessions').where('owner', '=', name).execute()
  }
}

/** Replaces the password that was just verified and ends the sessions; false when it was changed meanwhile. */
export async function replacePassword(
  db: Kysely<Schema>,
  name: string,
  { before, after }: { readonly before: string; readonly after: string },
  now: Date = new Date(),
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('users')
    .set({ password_hash: after, updated_at: now.toISOString() })
    .where('name', '=', name)
    .where('password_hash', '=', before)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return false
  await db.deleteFrom('sessions').where('owner', '=', name).execute()
  return true
}

/** Deletes an account with its tokens and sessions; false when there was none. */
export async function removeUser(db: Kysely<Schema>, name: string): Promise<boolean> {
  await db.deleteFrom('tokens').where('owner', '=', name).execute()
  await db.deleteFrom('sessions').where('owner', '=', name).execute()
  await db.deleteFrom('trusted_networks').where('owner', '=', name).execute()
  const { numDeletedRows } = await db.deleteFrom('users').where('name', '=', name).executeTakeFirst()
  return numDeletedRows > 0n
}

function fromRow(row: UserTable): StoredUser {
  return {
    name: row.name,
    role: row.role,
    kind: row.kind,
    isDisabled: row.disabled_at !== null,
    ...(row.password_hash === null ? {} : { passwordHash: row.password_hash }),
    ...(row.legacy_until === null ? {} : { legacyUntil: row.legacy_until }),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
