import * as z from 'zod'
import { isLockOf } from '../identity/lock-keys.ts'
import { hashPassword } from '../identity/password-hash.ts'
import { parseNewPassword } from '../identity/password-rules.ts'
import { unknownUser } from '../identity/unknown.ts'
import { normalizeName, parseUserName, roles } from '../identity/user.ts'
import type { Role } from '../identity/user.ts'
import { Refusal } from '../refusals.ts'
import { liftLocks, listLocks } from '../store/locks.ts'
import { findUser, listUsers, removeUser, setUser } from '../store/users.ts'
import type { StoredUser, UserChanges } from '../store/users.ts'
import { withBody } from './api-route.ts'
import type { ApiCall, ApiRoute } from './api-route.ts'
import { requireManager, requireOther, requirePerson } from './permissions.ts'

type Asker = Pick<ApiCall, 'identity' | 'principal'>

/** What an admin may say about an account. */
export interface AccountForm {
  readonly role?: Role | undefined
  readonly kind?: 'person' | 'service' | undefined
  readonly password?: string | undefined
  readonly isDisabled?: boolean | undefined
}

const time = z.iso.datetime()
const view = z.strictObject({
  ...{ name: z.string(), role: z.enum(roles), kind: z.enum(['person', 'service']), isDisabled: z.boolean() },
  ...{ legacyUntil: time.optional(), createdAt: time, updatedAt: time },
})
const form = z.strictObject({
  role: z.enum(roles).optional(),
  kind: z.enum(['person', 'service']).optional(),
  password: z.string().optional(),
  isDisabled: z.boolean().optional(),
})

/** All accounts, without what opens the door. */
export async function accounts({ identity }: Asker): Promise<Omit<StoredUser, 'passwordHash'>[]> {
  return (await listUsers(identity.store.db)).map(({ passwordHash: _secret, ...shown }) => shown)
}

/** Makes an account or changes one. Admins change everything but their own rights. */
export async function saveAccount(asker: Asker, typedName: string, wish: AccountForm): Promise<void> {
  const { identity, principal } = asker
  requireManager(principal)
  requirePerson(principal)
  const name = parseUserName(typedName)
  requireOther(principal, name)
  const { role, kind, password, isDisabled } = wish
  const passwordHash =
    password === undefined ? undefined : await hashPassword(parseNewPassword(password, name))
  await identity.store.change(async (db) => {
    const existing = await findUser(db, name)
    if (existing !== undefined && kind !== undefined && kind !== existing.kind) {
      throw new Refusal('SOEN_API_BODY', undefined, 'kind: An account stays what it is.')
    }
    const isProgram = (existing?.kind ?? kind) === 'service'
    if (isProgram !== (passwordHash === undefined) && (existing === undefined || isProgram)) {
      throw new Refusal('SOEN_API_BODY', undefined, 'password: People need one, programs have none.')
    }
    await setUser(db, name, {
      ...(role === undefined ? {} : { role }),
      ...(kind === undefined ? {} : { kind }),
      ...(passwordHash === undefined ? {} : { passwordHash }),
      ...(isDisabled === undefined ? {} : { isDisabled }),
    } satisfies UserChanges)
  })
}

/** Removes an account that is not one's own. */
export async function dropAccount({ identity, principal }: Asker, name: string): Promise<void> {
  requireManager(principal)
  requireOther(principal, name)
  if (!(await identity.store.change((db) => removeUser(db, name)))) throw unknownUser(name)
}

/** Lifts the locks on a user's password. */
export async function unlockAccount({ identity, principal }: Asker, name: string): Promise<void> {
  requireManager(principal)
  await identity.store.change(async (db) => {
    const keys = (await listLocks(db)).map(({ key }) => key)
    await liftLocks(
      db,
      keys.filter((key) => isLockOf(name, key)),
    )
  })
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
    method: 'PUT',
    path: '/_soen/api/users/{name}',
    summary: 'Makes an account, or changes what the body names. A new password ends its browser sessions.',
    access: 'admin',
    input: form,
    output: view,
    async handle(call, wish) {
      const name = nameOf(call)
      await saveAccount(call, name, wish)
      return (await accounts(call)).find((account) => account.name === name)
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
    handle: (call) => unlockAccount(call, nameOf(call)),
  },
]
