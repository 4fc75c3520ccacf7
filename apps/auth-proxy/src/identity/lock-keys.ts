import { isAccountName } from './user.ts'

/** What a lock is about: one user from one network, one network, or one user from everywhere. */
export type LockKind = 'pair' | 'network' | 'user'

/** Different wrong passwords within an hour that are too many. */
export const limits: Readonly<Record<LockKind, number>> = {
  pair: 10,
  // A laboratory behind one address has many users, each of whom may forget a password.
  network: 30,
  // From many networks at once: somebody hired them.
  user: 100,
}

/** A lock's name in memory and in the store. */
export interface LockKey {
  readonly kind: LockKind
  readonly key: string
}

/**
 * The locks that can stop this user from this network. A name that nobody may have is no key: it can be as long
 * as a form, and tells nothing about who has an account.
 */
export function lockKeys(user: string, network: string): readonly LockKey[] {
  const ofNetwork: LockKey = { kind: 'network', key: networkKey(network) }
  if (!isAccountName(user)) return [ofNetwork]
  return [{ kind: 'pair', key: `pair ${user} ${network}` }, ofNetwork, { kind: 'user', key: userKey(user) }]
}

/** Names the lock of a user from everywhere, and the unlocking of that user. */
export function userKey(user: string): string {
  return `user ${user}`
}

/** Names the lock of a whole network, and its unlocking. */
export function networkKey(network: string): string {
  return `network ${network}`
}

/** Whether an unlocking lifts a lock: that of a user lifts all that are about this user, from wherever. */
export function isLiftedBy(unlockKey: string, key: string): boolean {
  return key === unlockKey || (unlockKey.startsWith('user ') && key.startsWith(`pair ${unlockKey.slice(5)} `))
}
