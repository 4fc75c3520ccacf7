import { UsageError } from '../errors/auth-proxy-error.ts'

/**
 * What a person may do on this server: viewers read, members create and write, maintainers also delete and
 * restore, admins also manage users, webhooks and locations.
 */
export type Role = 'viewer' | 'member' | 'maintainer' | 'admin'

/** All roles, the lowest first: each includes those before it. */
export const roles: readonly Role[] = ['viewer', 'member', 'maintainer', 'admin']

/** A person as the front door knows them. */
export interface User {
  readonly name: string
  readonly role: Role
}

/** The owner of an account: a person, or a program that authenticates by token only. */
export type AccountKind = 'person' | 'service'

/** The fields of an account that decide who may sign in. */
export interface Account extends User {
  readonly kind: AccountKind
  /**
   * The hash that a password is checked against, which is also its version: a new password has a new salt and so a
   * new hash.
   */
  readonly passwordHash?: string
  readonly isDisabled: boolean
  /** Set for a password that several people share: when it ends, ISO 8601 in UTC. */
  readonly legacyUntil?: string
}

/** Whether the account may be used at all at this time. */
export function isInForce({ isDisabled, legacyUntil }: Account, now: number): boolean {
  return !isDisabled && (legacyUntil === undefined || now < Date.parse(legacyUntil))
}

/** The role in force: a shared password is never an admin's, since nobody would know who it was. */
export function roleInForce({ role, legacyUntil }: Pick<Account, 'role' | 'legacyUntil'>): Role {
  return role === 'admin' && legacyUntil !== undefined ? 'maintainer' : role
}

/** Whether this is the name of a role. */
export function isRole(text: string): text is Role {
  return roles.some((role) => role === text)
}

const namePattern = /^[a-z0-9](?:[a-z0-9._@+-]{0,62}[a-z0-9])?$/
/** MLflow's page signs out by signing in under a name with this prefix. */
const reservedPrefix = 'mlflow-logged-out-'

/** Whether this is a name with which MLflow's page signs out. */
export function isSignOutName(name: string): boolean {
  return name.startsWith(reservedPrefix)
}

/** The normal form of a user name: names that differ in case only are the same account. */
export function normalizeName(name: string): string {
  return name.toLowerCase()
}

/** Whether an account may have this name, given in its normal form. */
export function isAccountName(normalized: string): boolean {
  return namePattern.test(normalized) && !isSignOutName(normalized)
}

/** Checks a new user's name and returns its normal form. */
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
