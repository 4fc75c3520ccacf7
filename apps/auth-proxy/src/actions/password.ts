import { Refusal } from '../errors/refusals.ts'
import { replacePassword } from '../identity/stored-users.ts'
import type { Asker } from './asker.ts'
import { requirePerson } from './permissions.ts'

/** The form for changing one's own password. */
export interface PasswordForm {
  readonly current: string
  readonly password: string
}

/**
 * Changes the caller's own password; requires the current one. Ends all their browser sessions, including this one.
 */
export async function changePassword(
  { identity, principal }: Asker,
  { current, password }: PasswordForm,
  address: string,
): Promise<void> {
  requirePerson(principal)
  // A password shared by the team is not one person's to change.
  if (principal.isLegacy) throw new Refusal('SOEN_ADMIN_ONLY')
  const { name } = principal
  const { passwordHash: before = '' } = await identity.logIn({ user: name, password: current }, address)
  const after = await identity.hashNewPassword(password, name, current)
  // An admin may have reset it since it was read, perhaps to shut this very caller out.
  if (!(await identity.store.change((db) => replacePassword(db, name, { before, after })))) {
    throw new Refusal('SOEN_LOGIN_WRONG')
  }
}
