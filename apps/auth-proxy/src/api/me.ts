import * as z from 'zod'
import { changePassword } from '../actions/password.ts'
import { roles } from '../identity/user.ts'
import { withBody } from './api-route.ts'
import type { ApiRoute } from './api-route.ts'

const view = z.strictObject({ name: z.string(), role: z.enum(roles), isLegacy: z.boolean() })

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
