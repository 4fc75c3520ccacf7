import * as z from 'zod'
import { unknownSession } from '../identity/unknown.ts'
import { endSession, listSessions } from '../identity/stored-sessions.ts'
import type { StoredSession } from '../identity/stored-sessions.ts'
import type { ApiCall, ApiRoute } from './api-route.ts'
import { ownerAsked, ownerQuery } from './owner.ts'
import { isManager } from '../actions/permissions.ts'

type Asker = Pick<ApiCall, 'identity' | 'principal'>

/** A session as people see it. */
export interface SessionView extends Omit<StoredSession, 'sha256'> {
  /** Whether it is the one that asks. */
  readonly isCurrent: boolean
}

const time = z.iso.datetime()
const view = z.strictObject({
  ...{ id: z.string(), owner: z.string(), address: z.string(), userAgent: z.string() },
  ...{ createdAt: time, lastSeenAt: time, expiresAt: time, isCurrent: z.boolean() },
})

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
  const owner = isManager(principal) ? undefined : principal.name
  if (!(await identity.store.change((db) => endSession(db, id, owner)))) throw unknownSession(id)
}

/** `/_soen/api/sessions` and below. */
export const sessionRoutes: readonly ApiRoute[] = [
  {
    method: 'GET',
    path: '/_soen/api/sessions',
    summary: "Lists one's own signed-in browsers, or as admin those of everybody.",
    ...{ access: 'user', query: ownerQuery, output: z.array(view) },
    handle: (call) => sessionsOf(call, ownerAsked(call)),
  },
  {
    method: 'DELETE',
    path: '/_soen/api/sessions/{id}',
    summary: 'Signs a browser out at once.',
    access: 'user',
    handle: (call) => dropSession(call, call.params['id'] ?? ''),
  },
]
