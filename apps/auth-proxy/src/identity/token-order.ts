import { AuthProxyError } from '../errors/auth-proxy-error.ts'
import type { StoredToken } from './stored-tokens.ts'
import { mintToken } from './token.ts'
import { isInForce } from './user.ts'
import type { Account } from './user.ts'

/** The wanted properties of a new token. */
export interface TokenOrder {
  /** The name that its owner gives it. */
  readonly name: string
  /** Days until it expires, or `never`; 90 when left out. */
  readonly days?: number | 'never'
}

/** A new token: its text, which is shown once, and what is stored. */
export interface NewToken {
  readonly text: string
  readonly stored: StoredToken
}

const defaultDays = 90
const maxDays = 366
const dayMs = 24 * 60 * 60_000

/**
 * Makes a token for an account. Only a program's may never expire, and a shared password gets none: it would let its
 * maker in under the whole team's name.
 */
export function orderToken(owner: Account, { name, days = defaultDays }: TokenOrder, now: Date): NewToken {
  if (owner.legacyUntil !== undefined || !isInForce(owner, now.getTime())) throw noTokenFor(owner.name)
  const { id, text, sha256 } = mintToken()
  const createdAt = now.toISOString()
  const stored = { id, owner: owner.name, name: checkName(name), sha256, createdAt }
  if (days === 'never' && owner.kind === 'service') return { text, stored }
  if (days === 'never' || !Number.isInteger(days) || days < 1 || days > maxDays) throw wrongExpiry(days)
  return { text, stored: { ...stored, expiresAt: new Date(now.getTime() + days * dayMs).toISOString() } }
}

function checkName(name: string): string {
  const trimmed = name.trim()
  if (trimmed !== '' && trimmed.length <= 64 && !/\p{Cc}/u.test(trimmed)) return trimmed
  throw new AuthProxyError({
    code: 'SOEN_TOKEN_NAME_INVALID',
    message: 'A token needs a name of 1 to 64 characters.',
    hint: 'Name what will use it, for instance "laptop" or "cluster".',
  })
}

function wrongExpiry(days: number | 'never'): AuthProxyError {
  return new AuthProxyError({
    code: 'SOEN_TOKEN_EXPIRY_INVALID',
    message: `A token cannot expire after ${JSON.stringify(days)} days.`,
    hint: `Choose 1 to ${maxDays} days; one that never expires is for service accounts.`,
  })
}

function noTokenFor(owner: string): AuthProxyError {
  return new AuthProxyError({
    code: 'SOEN_TOKEN_OWNER_INVALID',
    message: `${owner} cannot have tokens: the account is shared or switched off.`,
    hint: 'Make one for an account of its own; programs get a service account.',
  })
}
