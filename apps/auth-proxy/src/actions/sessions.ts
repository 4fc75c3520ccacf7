import { endSession, listSessions } from '../identity/stored-sessions.ts'
import type { StoredSession } from '../identity/stored-sessions.ts'
import { unknownSession } from '../identity/unknown.ts'
import type { Asker } from './asker.ts'
import { ownOrAsAdmin } from './permissions.ts'

/** A session as people see it. */
export interface SessionView extends Omit<StoredSession, 'sha256'> {
  /** Whether it is the one that asks. */
  readonly isCurrent: boolean
}

/** Open sessions of one owner. */
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

/** Ends a session of one's own, or as admin of anybody. */
export async function dropSession({ identity, principal }: Asker, id: string): Promise<void> {
  const isDone = await ownOrAsAdmin(principal, (owner) =>
    identity.store.change((db) => endSession(db, id, owner)),
  )
  if (!isDone) throw unknownSession(id)
}
