import { isAccountName } from './user.ts'

/** What a lock applies to: one user from one network, one network, or one user from everywhere. */
export type LockKind = 'pair' | 'network' | 'user'

/** How many distinct wrong passwords within an hour set each kind of lock. */
export const limits: Readonly<Record<LockKind, number>> = {
  pair: 10,
  // A laboratory behind one address has many users, each of whom may forget a password.
  network: 30,
  // From so many networks only a botnet guesses.
  user: 100,
}

/** The key of a lock, in memory and in the store. */
export interface LockKey {
  readonly kind: LockKind
  readonly key: string
}

/**
 * The locks that can stop this user from this network. An impossible user name gets no key: it can be as long as a
 * form, and locking it would protect nobody.
 */
export function lockKeys(user: string, network: string): readonly LockKey[] {
  const ofNetwork: LockKey = { kind: 'network', key: networkKey(network) }
  if (!isAccountName(user)) return [ofNetwork]
  return [{ kind: 'pair', key: `pair ${user} ${network}` }, ofNetwork, { kind: 'user', key: userKey(user) }]
}

/** The key of the lock of a user from everywhere, and of unlocking that user. */
export function userKey(user: string): string {
  return `user ${user}`
}

/** The key of the lock of a whole network, and of unlocking it. */
export function networkKey(network: string): string {
  return `network ${network}`
}

/** Whether an unlock lifts a lock: unlocking a user lifts all locks on this user, from any network. */
export function isLiftedBy(unlockKey: string, key: string): boolean {
  return key === unlockKey || (unlockKey.startsWith('user ') && key.startsWith(`pair ${unlockKey.slice(5)} `))
}
