import type { Kysely } from 'kysely'
import type { Schema, TokenTable } from '../store/schema.ts'

/** A stored API token; its text is not stored. Times are ISO 8601 in UTC. */
export interface StoredToken {
  readonly id: string
  readonly owner: string
  /** The name that its owner gave it. */
  readonly name: string
  readonly sha256: string
  readonly createdAt: string
  /** Missing where it is valid until revoked. */
  readonly expiresAt?: string
  readonly lastUsedAt?: string
}

/** All tokens, or those of one owner, the oldest first. */
export async function listTokens(db: Kysely<Schema>, owner?: string): Promise<StoredToken[]> {
  const all = db.selectFrom('tokens').selectAll().orderBy('created_at').orderBy('id')
  const rows = await (owner === undefined ? all : all.where('owner', '=', owner)).execute()
  return rows.map(fromRow)
}

/** Stores a new token. */
export async function addToken(db: Kysely<Schema>, token: StoredToken): Promise<void> {
  await db
    .insertInto('tokens')
    .values({
      id: token.id,
      owner: token.owner,
      name: token.name,
      sha256: token.sha256,
      created_at: token.createdAt,
      expires_at: token.expiresAt ?? null,
      last_used_at: null,
    })
    .execute()
}

/** Revokes a token for all front doors at once; false when this owner has none of that id. */
export async function revokeToken(db: Kysely<Schema>, id: string, owner?: string): Promise<boolean> {
  const one = db.deleteFrom('tokens').where('id', '=', id)
  const mine = owner === undefined ? one : one.where('owner', '=', owner)
  return (await mine.executeTakeFirst()).numDeletedRows > 0n
}

/** Stores when tokens were last used. */
export async function noteTokenUse(db: Kysely<Schema>, usedAt: ReadonlyMap<string, string>): Promise<void> {
  for (const [id, time] of usedAt) {
    await db.updateTable('tokens').set({ last_used_at: time }).where('id', '=', id).execute()
  }
}

function fromRow(row: TokenTable): StoredToken {
  return {
    id: row.id,
    owner: row.owner,
    name: row.name,
    sha256: row.sha256,
    createdAt: row.created_at,
    ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
    ...(row.last_used_at === null ? {} : { lastUsedAt: row.last_used_at }),
  }
}
