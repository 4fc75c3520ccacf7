import type { Kysely } from 'kysely'
import type { Schema, SessionTable } from '../store/schema.ts'

/** A browser's stored session; the cookie's value is not stored. Times are ISO 8601 in UTC. */
export interface StoredSession {
  readonly id: string
  readonly sha256: string
  readonly owner: string
  /** The address that it was opened from. */
  readonly address: string
  readonly userAgent: string
  readonly createdAt: string
  readonly lastSeenAt: string
  readonly expiresAt: string
}

/** All sessions, or those of one owner, the newest first. */
export async function listSessions(db: Kysely<Schema>, owner?: string): Promise<StoredSession[]> {
  const all = db.selectFrom('sessions').selectAll().orderBy('created_at', 'desc').orderBy('id')
  const rows = await (owner === undefined ? all : all.where('owner', '=', owner)).execute()
  return rows.map(fromRow)
}

/** Enough for every browser of a person; a script that keeps signing in cannot fill the disk. */
const maxSessionsOfOne = 50

/** Stores a new session; deletes those that ended long ago, and the owner's least recently used beyond fifty. */
export async function addSession(db: Kysely<Schema>, session: StoredSession): Promise<void> {
  await db.deleteFrom('sessions').where('expires_at', '<', session.createdAt).execute()
  await db
    .insertInto('sessions')
    .values({
      id: session.id,
      sha256: session.sha256,
      owner: session.owner,
      address: session.address,
      user_agent: session.userAgent,
      created_at: session.createdAt,
      last_seen_at: session.lastSeenAt,
      expires_at: session.expiresAt,
    })
    .execute()
  const ofOwner = db.selectFrom('sessions').select('id').where('owner', '=', session.owner)
  const kept = ofOwner.orderBy('last_seen_at', 'desc').orderBy('created_at', 'desc').limit(maxSessionsOfOne)
  await db
    .deleteFrom('sessions')
    .where('owner', '=', session.owner)
    .where('id', '!=', session.id)
    .where('id', 'not in', kept)
    .execute()
}

/** Ends a session for all front doors at once; false when this owner has none of that id. */
export async function endSession(db: Kysely<Schema>, id: string, owner?: string): Promise<boolean> {
  const one = db.deleteFrom('sessions').where('id', '=', id)
  const mine = owner === undefined ? one : one.where('owner', '=', owner)
  return (await mine.executeTakeFirst()).numDeletedRows > 0n
}

/** Stores when sessions were last seen. */
export async function noteSessionUse(db: Kysely<Schema>, seenAt: ReadonlyMap<string, string>): Promise<void> {
  for (const [id, time] of seenAt) {
    await db.updateTable('sessions').set({ last_seen_at: time }).where('id', '=', id).execute()
  }
}

function fromRow(row: SessionTable): StoredSession {
  return {
    id: row.id,
    sha256: row.sha256,
    owner: row.owner,
    address: row.address,
    userAgent: row.user_agent,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    expiresAt: row.expires_at,
  }
}
