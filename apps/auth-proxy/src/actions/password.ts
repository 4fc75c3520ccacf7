import { Refusal } from '../errors/refusals.ts'
import { replacePassword } from '../identity/stored-users.ts'
import type { Asker } from './asker.ts'
import { requirePerson } from './permissions.ts'

/** What somebody types to get a new password. */
export interface PasswordForm {
  readonly current: string
  readonly password: string
}

/** Gives oneself a new password, for the current one. Ends all browser sessions, also the one that asks. */
export async function changePassword(
  { identity, principal }: Asker,
  { current, password }: PasswordForm,
  address: string,
): Promise<void> {
  requirePerson(principal)
  // The password of all is not one person's to change.
  if (principal.isLegacy) throw new Refusal('SOEN_ADMIN_ONLY')
  const { name } = principal
  const { passwordHash: before = '' } = await identity.logIn({ user: name, password: current }, address)
  const after = await identity.hashNewPassword(password, name, current)
  // An admin may have set another one meanwhile, against whoever asks.
  if (!(await identity.store.change((db) => replacePassword(db, name, { before, after })))) {
    throw new Refusal('SOEN_LOGIN_WRONG')
  }
}
