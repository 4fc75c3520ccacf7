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

/** The locks that can stop this user from this network. */
export function lockKeys(user: string, network: string): readonly LockKey[] {
  return [
    { kind: 'pair', key: `pair ${user} ${network}` },
    { kind: 'network', key: `network ${network}` },
    { kind: 'user', key: `user ${user}` },
  ]
}

/** Whether a lock stops this user, from wherever. */
export function isLockOf(user: string, key: string): boolean {
  return key === `user ${user}` || key.startsWith(`pair ${user} `)
}
