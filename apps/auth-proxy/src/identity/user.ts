import { UsageError } from '../errors/auth-proxy-error.ts'

/**
 * What a person may do on this server: viewers read, members create and write, maintainers also delete and
 * restore, admins also manage users, webhooks and locations.
 */
export type Role = 'viewer' | 'member' | 'maintainer' | 'admin'

/** All roles, the least first: each may do what those before it may. */
export const roles: readonly Role[] = ['viewer', 'member', 'maintainer', 'admin']

/** A person as the front door knows them. */
export interface User {
  readonly name: string
  readonly role: Role
}

/** Somebody with an account: a person, or a program that signs in by token only. */
export type AccountKind = 'person' | 'service'

/** An account as far as it decides who may come in. */
export interface Account extends User {
  readonly kind: AccountKind
  /** What the password is checked against, and its version: a new password has a new salt, hence a new hash. */
  readonly passwordHash?: string
  readonly isDisabled: boolean
  /** Set for a password that several people share: the time at which it ends, ISO 8601 in UTC. */
  readonly legacyUntil?: string
}

/** Whether the account may be used at all at this time. */
export function isInForce({ isDisabled, legacyUntil }: Account, now: number): boolean {
  return !isDisabled && (legacyUntil === undefined || now < Date.parse(legacyUntil))
}

/** The role that counts: a shared password is never an admin's, since nobody would know who it was. */
export function roleInForce({ role, legacyUntil }: Pick<Account, 'role' | 'legacyUntil'>): Role {
  return role === 'admin' && legacyUntil !== undefined ? 'maintainer' : role
}

/** Whether this is the name of a role. */
export function isRole(text: string): text is Role {
  return roles.some((role) => role === text)
}

const namePattern = /^[a-z0-9](?:[a-z0-9._@+-]{0,62}[a-z0-9])?$/
/** MLflow's page signs out by signing in under such a name. */
const reservedPrefix = 'mlflow-logged-out-'

/** Whether MLflow's page says by this name that somebody signs out. */
export function isSignOutName(name: string): boolean {
  return name.startsWith(reservedPrefix)
}

/** The one spelling of a user name: names that differ in case only are the same person. */
export function normalizeName(name: string): string {
  return name.toLowerCase()
}

/** Whether an account may be called so, in the one spelling of names. */
export function isAccountName(normalized: string): boolean {
  return namePattern.test(normalized) && !isSignOutName(normalized)
}

/** Checks a new user's name and returns its one spelling. */
export function parseUserName(name: string): string {
  const normalized = normalizeName(name)
  if (!isAccountName(normalized)) {
    throw new UsageError({
      code: 'SOEN_USER_NAME_INVALID',
      message: `${JSON.stringify(name)} cannot be a user name.`,
      hint: 'Use 1 to 64 letters, digits and . _ @ + - inside, for instance an e-mail address.',
    })
  }
  return normalized
}
