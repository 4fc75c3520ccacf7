import { Refusal } from '../errors/refusals.ts'
import { hashPassword } from './password-hash.ts'
import { parseNewPassword } from './password-rules.ts'
import type { FairTurnstile } from './fair-turnstile.ts'

/** Checks a new password of an account and hashes it; `current` is the previous one, where it was given. */
export type HashNewPassword = (password: string, userName: string, current?: string) => Promise<string>

/** Hashes new passwords in the same queue as the checks of passwords, one at a time per account. */
export function newPasswordHashing(turnstile: Pick<FairTurnstile, 'enter'>): HashNewPassword {
  const underWay = new Set<string>()
  return async (password, userName, current) => {
    const parsed = parseNewPassword(password, userName, current)
    const hashing = underWay.has(userName)
      ? undefined
      : turnstile.enter(() => hashPassword(parsed), { name: userName, isKnown: true })
    if (hashing === undefined) throw new Refusal('SOEN_LOGIN_BUSY')
    underWay.add(userName)
    return await hashing.finally(() => underWay.delete(userName))
  }
}
