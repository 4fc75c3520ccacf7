import * as z from 'zod'
import { createToken, dropToken, tokensOf } from '../actions/tokens.ts'
import { normalizeName } from '../identity/user.ts'
import { withBody } from './api-route.ts'
import type { ApiRoute } from './api-route.ts'
import { ownerOf, ownerQuery } from './owner.ts'

const time = z.iso.datetime()
const view = z.strictObject({
  id: z.string(),
  owner: z.string(),
  name: z.string(),
  createdAt: time,
  expiresAt: time.optional(),
  lastUsedAt: time.optional(),
})
const order = z.strictObject({
  name: z.string(),
  days: z.union([z.int(), z.literal('never')]).optional(),
  owner: z.string().optional(),
})

/** `/_soen/api/tokens` and below. */
export const tokenRoutes: readonly ApiRoute[] = [
  {
    method: 'GET',
    path: '/_soen/api/tokens',
    summary: "Lists one's own API tokens, or as admin those of everybody.",
    access: 'user',
    query: ownerQuery,
    output: z.array(view),
    handle: (call) => tokensOf(call, ownerOf(call)),
  },
  withBody({
    method: 'POST',
    path: '/_soen/api/tokens',
    summary: 'Makes an API token and shows it, once. It lasts 90 days unless `days` says otherwise.',
    access: 'user',
    input: order,
    output: view.extend({ token: z.string() }),
    async handle(call, { name, days, owner }) {
      const wish = days === undefined ? { name } : { name, days }
      const { text, stored } = await createToken(call, normalizeName(owner ?? call.principal.name), wish)
      const { sha256: _secret, ...shown } = stored
      return { ...shown, token: text }
    },
  }),
  {
    method: 'DELETE',
    path: '/_soen/api/tokens/{id}',
    summary: 'Revokes an API token at once, by its id; of a whole token, only that counts.',
    access: 'user',
    handle: (call) => dropToken(call, call.params['id'] ?? ''),
  },
]
