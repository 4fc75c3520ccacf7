import { timingSafeEqual } from 'node:crypto'
import { Refusal } from '../errors/refusals.ts'
import type { StoredToken } from './stored-tokens.ts'
import type { Directory } from './directory.ts'
import { toleratedClockStepMs } from './session.ts'
import type { TokenReading } from './token.ts'
import { isInForce } from './user.ts'
import type { Account } from './user.ts'

/** The owner of a token. */
export interface TokenLogin {
  readonly account: Account
  readonly token: StoredToken
}

/** A digest that no token has, so that an unknown id takes as long as a known one. */
const nobodys = Buffer.alloc(32).toString('base64url')

/** Finds the owner of a token in memory; throws a `Refusal` when it is not valid. */
export function tokenLogin(
  directory: Pick<Directory, 'find' | 'findToken'>,
  reading: TokenReading,
  now: number,
): TokenLogin {
  if (reading === 'mistyped') throw new Refusal('SOEN_TOKEN_MISTYPED')
  const token = directory.findToken(reading.id)
  const isSame = timingSafeEqual(Buffer.from(reading.sha256), Buffer.from(token?.sha256 ?? nobodys))
  const account = token && directory.find(token.owner)
  if (!isSame || token === undefined || account === undefined) throw new Refusal('SOEN_TOKEN_WRONG')
  if (token.expiresAt !== undefined && Date.parse(token.expiresAt) <= now) {
    throw new Refusal('SOEN_TOKEN_EXPIRED', undefined, `It was good until ${token.expiresAt}.`)
  }
  if (token.expiresAt !== undefined && Date.parse(token.createdAt) - now > toleratedClockStepMs) {
    throw new Refusal(
      'SOEN_TOKEN_EXPIRED',
      undefined,
      "The server's clock is behind the time at which it was made.",
    )
  }
  if (!isInForce(account, now)) throw new Refusal('SOEN_LOGIN_ENDED')
  return { account, token }
}
