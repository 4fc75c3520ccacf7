import * as z from 'zod'
import type { Asker } from '../actions/asker.ts'
import { accounts, addAccount, changeAccount, dropAccount, unlockAccount } from '../actions/users.ts'
import { normalizeName, roles } from '../identity/user.ts'
import { withBody } from './api-route.ts'
import type { ApiCall, ApiRoute } from './api-route.ts'

const time = z.iso.datetime()
const view = z.strictObject({
  name: z.string(),
  role: z.enum(roles),
  kind: z.enum(['person', 'service']),
  isDisabled: z.boolean(),
  legacyUntil: time.optional(),
  createdAt: time,
  updatedAt: time,
})
const form = {
  role: z.enum(roles).optional(),
  password: z.string().optional(),
  isDisabled: z.boolean().optional(),
  legacyUntil: z.string().optional().meta({ description: 'A day such as 2027-01-31, or never.' }),
}
const changes = z.strictObject(form)
const newAccount = z.strictObject({
  name: z.string(),
  kind: z.enum(['person', 'service']).optional(),
  ...form,
})

async function accountOf(asker: Asker, name: string): Promise<unknown> {
  return (await accounts(asker)).find((account) => account.name === name)
}

const nameOf = ({ params }: ApiCall): string => normalizeName(params['name'] ?? '')

/** `/_soen/api/users` and below. */
export const userRoutes: readonly ApiRoute[] = [
  {
    method: 'GET',
    path: '/_soen/api/users',
    summary: 'Lists all accounts.',
    access: 'admin',
    output: z.array(view),
    handle: accounts,
  },
  withBody({
    method: 'POST',
    path: '/_soen/api/users',
    summary: 'Makes an account: for a person with a password, for a program (`service`) without one.',
    access: 'admin',
    input: newAccount,
    output: view,
    async handle(call, wish) {
      await addAccount(call, wish)
      return await accountOf(call, normalizeName(wish.name))
    },
  }),
  withBody({
    method: 'PATCH',
    path: '/_soen/api/users/{name}',
    summary: 'Changes what the body names. A new password ends the browser sessions of the account.',
    access: 'admin',
    input: changes,
    output: view,
    async handle(call, wish) {
      const name = nameOf(call)
      await changeAccount(call, name, wish)
      return await accountOf(call, name)
    },
  }),
  {
    method: 'DELETE',
    path: '/_soen/api/users/{name}',
    summary: 'Removes an account with its tokens and sessions; what it logged stays.',
    access: 'admin',
    handle: (call) => dropAccount(call, nameOf(call)),
  },
  {
    method: 'POST',
    path: '/_soen/api/users/{name}/unlock',
    summary: 'Lets a user who was locked out try passwords again.',
    access: 'admin',
    query: { network: 'a network to let in again too, for instance 192.0.2.0/24' },
    handle: (call) => unlockAccount(call, nameOf(call), call.query.get('network') ?? undefined),
  },
]
