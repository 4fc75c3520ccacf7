import { endSession, listSessions } from '../identity/stored-sessions.ts'
import type { StoredSession } from '../identity/stored-sessions.ts'
import { unknownSession } from '../identity/unknown.ts'
import type { Asker } from './asker.ts'
import { ownOrAsAdmin } from './permissions.ts'

/** A session as its owner and admins see it. */
export interface SessionView extends Omit<StoredSession, 'sha256'> {
  /** Whether the caller uses this very session. */
  readonly isCurrent: boolean
}

/** The open sessions of an owner. */
export async function sessionsOf({ identity, principal }: Asker, owner?: string): Promise<SessionView[]> {
  const { credential } = principal
  const currentId = credential.kind === 'session' ? credential.id : undefined
  const sessions = await identity.store.read((db) => listSessions(db, owner))
  return sessions.map((session) => viewSession(session, identity.lastUsed(session.id), currentId))
}

function viewSession(
  { sha256: _secret, ...session }: StoredSession,
  lastUsedAt: string | undefined,
  currentId: string | undefined,
): SessionView {
  return { ...session, lastSeenAt: lastUsedAt ?? session.lastSeenAt, isCurrent: session.id === currentId }
}

/** Ends one of the caller's own sessions or, for an admin, anybody's. */
export async function dropSession({ identity, principal }: Asker, id: string): Promise<void> {
  const isDone = await ownOrAsAdmin(principal, (owner) =>
    identity.store.change((db) => endSession(db, id, owner)),
  )
  if (!isDone) throw unknownSession(id)
}
