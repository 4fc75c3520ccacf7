import type { Principal } from '../identity/principal.ts'
import { Refusal } from '../errors/refusals.ts'

/** Whether somebody may manage accounts. A shared password may not: nobody would know who did it. */
export function isAdmin({ role, isLegacy }: Principal): boolean {
  return role === 'admin' && !isLegacy
}

/** Refuses everybody but admins. */
export function requireAdmin(principal: Principal): void {
  if (!isAdmin(principal)) throw new Refusal('SOEN_ADMIN_ONLY')
}

/** Refuses who shows only a token: a stolen one must neither make others that outlive it nor shut anybody out. */
export function requirePerson({ credential }: Principal): void {
  if (credential.kind === 'token') throw new Refusal('SOEN_TOKEN_NOT_ENOUGH')
}

/** Refuses what would leave a server without its admin. */
export function requireOther({ name }: Principal, account: string): void {
  if (name === account) throw new Refusal('SOEN_OWN_ACCOUNT')
}

/** Does something to what is one's own, else, as an admin in person, to what is anybody's; resolves to whether it was there. */
export async function ownOrAsAdmin(
  principal: Principal,
  work: (owner?: string) => Promise<boolean>,
): Promise<boolean> {
  if (await work(principal.name)) return true
  if (!isAdmin(principal)) return false
  requirePerson(principal)
  return await work()
}
