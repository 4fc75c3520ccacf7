import * as z from 'zod'
import { orderToken } from '../identity/token-order.ts'
import type { NewToken, TokenOrder } from '../identity/token-order.ts'
import { tokenIdIn } from '../identity/token.ts'
import { normalizeName } from '../identity/user.ts'
import { unknownToken, unknownUser } from '../identity/unknown.ts'
import { addToken, listTokens, revokeToken } from '../identity/stored-tokens.ts'
import type { StoredToken } from '../identity/stored-tokens.ts'
import { findUser } from '../identity/stored-users.ts'
import { withBody } from './api-route.ts'
import type { ApiCall, ApiRoute } from './api-route.ts'
import { ownerAsked, ownerQuery } from './owner.ts'
import { isManager, requireManager, requirePerson } from '../actions/permissions.ts'

type Asker = Pick<ApiCall, 'identity' | 'principal'>

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

/** Tokens of one owner, with what this process knows better than the store. */
export async function tokensOf({ identity }: Asker, owner?: string): Promise<Omit<StoredToken, 'sha256'>[]> {
  const tokens = await identity.store.read((db) => listTokens(db, owner))
  return tokens.map((token) => viewToken(token, identity.lastUsed(token.id)))
}

function viewToken(
  { sha256: _secret, ...token }: StoredToken,
  lastUsedAt: string | undefined,
): Omit<StoredToken, 'sha256'> {
  return lastUsedAt === undefined ? token : { ...token, lastUsedAt }
}

/** Makes a token for oneself, or as admin for somebody else. */
export function createToken(
  { identity, principal }: Asker,
  owner: string,
  wish: TokenOrder,
): Promise<NewToken> {
  requirePerson(principal)
  if (owner !== principal.name) requireManager(principal)
  return identity.store.change(async (db) => {
    const account = await findUser(db, owner)
    if (account === undefined) throw unknownUser(owner)
    const token = orderToken(account, wish, new Date())
    await addToken(db, token.stored)
    return token
  })
}

/** Revokes a token of one's own, or as admin of anybody; takes its id, or all of it as it was found somewhere. */
export async function dropToken({ identity, principal }: Asker, idOrToken: string): Promise<void> {
  const id = tokenIdIn(idOrToken)
  const owner = isManager(principal) ? undefined : principal.name
  if (!(await identity.store.change((db) => revokeToken(db, id, owner)))) throw unknownToken(id)
}

/** `/_soen/api/tokens` and below. */
export const tokenRoutes: readonly ApiRoute[] = [
  {
    method: 'GET',
    path: '/_soen/api/tokens',
    summary: "Lists one's own API tokens, or as admin those of everybody.",
    ...{ access: 'user', query: ownerQuery, output: z.array(view) },
    handle: (call) => tokensOf(call, ownerAsked(call)),
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
