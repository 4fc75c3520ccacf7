import * as z from 'zod'
import { roles } from '../identity/user.ts'
import { Refusal } from '../errors/refusals.ts'
import { replacePassword } from '../identity/stored-users.ts'
import { withBody } from './api-route.ts'
import type { ApiCall, ApiRoute } from './api-route.ts'
import { requirePerson } from '../actions/permissions.ts'

/** What somebody types to get a new password. */
export interface PasswordForm {
  readonly current: string
  readonly password: string
}

const view = z.strictObject({ name: z.string(), role: z.enum(roles), isLegacy: z.boolean() })

/** Gives oneself a new password, for the current one. Ends all browser sessions, also the one that asks. */
export async function changePassword(
  { identity, principal }: Pick<ApiCall, 'identity' | 'principal'>,
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

/** `/_soen/api/me` and below. */
export const myRoutes: readonly ApiRoute[] = [
  {
    method: 'GET',
    path: '/_soen/api/me',
    summary: 'Says who is signed in.',
    access: 'user',
    output: view,
    handle: async ({ principal: { name, role, isLegacy } }) => ({ name, role, isLegacy }),
  },
  withBody({
    method: 'PUT',
    path: '/_soen/api/me/password',
    summary: "Changes one's own password, and signs all one's browsers out.",
    access: 'user',
    input: z.strictObject({ current: z.string(), password: z.string() }),
    handle: (call, form) => changePassword(call, form, call.address),
  }),
]
