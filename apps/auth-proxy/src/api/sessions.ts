import * as z from 'zod'
import { dropSession, sessionsOf } from '../actions/sessions.ts'
import type { ApiRoute } from './api-route.ts'
import { ownerOf, ownerQuery } from './owner.ts'

const time = z.iso.datetime()
const view = z.strictObject({
  id: z.string(),
  owner: z.string(),
  address: z.string(),
  userAgent: z.string(),
  createdAt: time,
  lastSeenAt: time,
  expiresAt: time,
  isCurrent: z.boolean(),
})

/** `/_soen/api/sessions` and below. */
export const sessionRoutes: readonly ApiRoute[] = [
  {
    method: 'GET',
    path: '/_soen/api/sessions',
    summary: "Lists one's own signed-in browsers, or as admin those of everybody.",
    access: 'user',
    query: ownerQuery,
    output: z.array(view),
    handle: (call) => sessionsOf(call, ownerOf(call)),
  },
  {
    method: 'DELETE',
    path: '/_soen/api/sessions/{id}',
    summary: 'Signs a browser out at once.',
    access: 'user',
    handle: (call) => dropSession(call, call.params['id'] ?? ''),
  },
]
