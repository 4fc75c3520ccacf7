import type { Principal } from '../identity/principal.ts'
import { Refusal } from '../errors/refusals.ts'

/** Whether the caller may manage accounts. A shared password may not: nobody would know who did it. */
export function isAdmin({ role, isLegacy }: Principal): boolean {
  return role === 'admin' && !isLegacy
}

/** Throws a `Refusal` unless the caller is an admin. */
export function requireAdmin(principal: Principal): void {
  if (!isAdmin(principal)) throw new Refusal('SOEN_ADMIN_ONLY')
}

/** Requires a real sign-in: a stolen token must not be able to create further tokens or lock anybody out. */
export function requirePerson({ credential }: Principal): void {
  if (credential.kind === 'token') throw new Refusal('SOEN_TOKEN_NOT_ENOUGH')
}

/** Refuses admins who act on their own account: the server could be left without one. */
export function requireOther({ name }: Principal, account: string): void {
  if (name === account) throw new Refusal('SOEN_OWN_ACCOUNT')
}

/**
 * Runs an action on the caller's own things or, for a signed-in admin, on anybody's; resolves to whether
 * there was anything to act on.
 */
export async function ownOrAsAdmin(
  principal: Principal,
  work: (owner?: string) => Promise<boolean>,
): Promise<boolean> {
  if (await work(principal.name)) return true
  if (!isAdmin(principal)) return false
  requirePerson(principal)
  return await work()
}
