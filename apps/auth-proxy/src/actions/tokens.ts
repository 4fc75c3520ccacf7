import { addToken, listTokens, revokeToken } from '../identity/stored-tokens.ts'
import type { StoredToken } from '../identity/stored-tokens.ts'
import { findUser } from '../identity/stored-users.ts'
import { tokenIdIn } from '../identity/token.ts'
import { orderToken } from '../identity/token-order.ts'
import type { NewToken, TokenOrder } from '../identity/token-order.ts'
import { unknownToken, unknownUser } from '../identity/unknown.ts'
import type { Asker } from './asker.ts'
import { ownOrAsAdmin, requireAdmin, requirePerson } from './permissions.ts'

/** A token as its owner and admins see it. */
export type TokenView = Omit<StoredToken, 'sha256'>

/** The tokens of an owner; this process knows their last use better than the store. */
export async function tokensOf({ identity }: Asker, owner?: string): Promise<TokenView[]> {
  const tokens = await identity.store.read((db) => listTokens(db, owner))
  return tokens.map((token) => viewToken(token, identity.lastUsed(token.id)))
}

function viewToken({ sha256: _secret, ...token }: StoredToken, lastUsedAt: string | undefined): TokenView {
  return lastUsedAt === undefined ? token : { ...token, lastUsedAt }
}

/** Creates a token for the caller or, for an admin, for somebody else. */
export function createToken(
  { identity, principal }: Asker,
  owner: string,
  wish: TokenOrder,
): Promise<NewToken> {
  requirePerson(principal)
  if (owner !== principal.name) requireAdmin(principal)
  return identity.store.change(async (db) => {
    const account = await findUser(db, owner)
    if (account === undefined) throw unknownUser(owner)
    const token = orderToken(account, wish, new Date())
    await addToken(db, token.stored)
    return token
  })
}

/**
 * Revokes one of the caller's own tokens or, for an admin, anybody's. Takes its id or the whole token, for
 * instance one that was found in a log.
 */
export async function dropToken({ identity, principal }: Asker, idOrToken: string): Promise<void> {
  const id = tokenIdIn(idOrToken)
  const isDone = await ownOrAsAdmin(principal, (owner) =>
    identity.store.change((db) => revokeToken(db, id, owner)),
  )
  if (!isDone) throw unknownToken(id)
}
