import * as z from 'zod'
import { parseLegacyEnd } from '../identity/legacy-end.ts'
import { isLiftedBy, networkKey, userKey } from '../identity/lock-keys.ts'
import { takenName, unknownUser } from '../identity/unknown.ts'
import { normalizeName, parseUserName, roles } from '../identity/user.ts'
import type { Role } from '../identity/user.ts'
import { Refusal } from '../errors/refusals.ts'
import { liftLocks, listLocks } from '../identity/stored-locks.ts'
import { noteUnlocks } from '../identity/stored-unlocks.ts'
import { findUser, listUsers, removeUser, setUser } from '../identity/stored-users.ts'
import type { StoredUser, UserChanges } from '../identity/stored-users.ts'
import { withBody } from './api-route.ts'
import type { ApiCall, ApiRoute } from './api-route.ts'
import { requireManager, requireOther, requirePerson } from '../actions/permissions.ts'

type Asker = Pick<ApiCall, 'identity' | 'principal'>

/** What an admin may say about an account. */
export interface AccountForm {
  readonly role?: Role | undefined
  readonly password?: string | undefined
  readonly isDisabled?: boolean | undefined
  /** The last day of a password that several people share, or `never` for a person's own. */
  readonly legacyUntil?: string | undefined
}

/** What a new account is made of. */
export interface NewAccount extends AccountForm {
  readonly name: string
  readonly kind?: 'person' | 'service' | undefined
}

const time = z.iso.datetime()
const view = z.strictObject({
  ...{ name: z.string(), role: z.enum(roles), kind: z.enum(['person', 'service']), isDisabled: z.boolean() },
  ...{ legacyUntil: time.optional(), createdAt: time, updatedAt: time },
})
const form = {
  role: z.enum(roles).optional(),
  password: z.string().optional(),
  isDisabled: z.boolean().optional(),
  legacyUntil: z.string().optional().meta({ description: 'A day such as 2027-01-31, or never.' }),
}
const changes = z.strictObject(form)
const newAccount = z.strictObject({
  ...{ name: z.string(), kind: z.enum(['person', 'service']).optional() },
  ...form,
})

/** All accounts, without what opens the door. */
export async function accounts({ identity }: Asker): Promise<Omit<StoredUser, 'passwordHash'>[]> {
  const users = await identity.store.read(listUsers)
  return users.map(({ passwordHash: _secret, ...shown }) => shown)
}

/** Makes an account; a name that is taken keeps its account as it is. */
export async function addAccount(asker: Asker, { name: typed, ...wish }: NewAccount): Promise<void> {
  const { identity, principal } = asker
  requireManager(principal)
  requirePerson(principal)
  const name = parseUserName(typed)
  const { kind = 'person' } = wish
  const columns = await columnsOf(identity, name, wish)
  if ((kind === 'service') !== (columns.passwordHash === undefined)) throw peopleNeedPasswords()
  await identity.store.change(async (db) => {
    if ((await findUser(db, name)) !== undefined) throw takenName(name)
    await setUser(db, name, { kind, ...columns })
  })
}

/** Changes what the form names. Admins change everything but their own rights. */
export async function changeAccount(asker: Asker, name: string, wish: AccountForm): Promise<void> {
  const { identity, principal } = asker
  requireManager(principal)
  requirePerson(principal)
  requireOther(principal, name)
  const columns = await columnsOf(identity, name, wish)
  await identity.store.change(async (db) => {
    const account = await findUser(db, name)
    if (account === undefined) throw unknownUser(name)
    if (account.kind === 'service' && columns.passwordHash !== undefined) throw peopleNeedPasswords()
    await setUser(db, name, columns)
  })
}

async function columnsOf(
  { hashNewPassword }: Asker['identity'],
  name: string,
  wish: AccountForm,
): Promise<UserChanges> {
  const { role, password, isDisabled, legacyUntil } = wish
  return {
    ...(role === undefined ? {} : { role }),
    ...(password === undefined ? {} : { passwordHash: await hashNewPassword(password, name) }),
    ...(isDisabled === undefined ? {} : { isDisabled }),
    ...(legacyUntil === undefined ? {} : { legacyUntil: parseLegacyEnd(legacyUntil) }),
  }
}

function peopleNeedPasswords(): Refusal {
  return new Refusal('SOEN_API_BODY', undefined, 'password: People need one, programs have none.')
}

/** Removes an account that is not one's own. */
export async function dropAccount({ identity, principal }: Asker, name: string): Promise<void> {
  requireManager(principal)
  requirePerson(principal)
  requireOther(principal, name)
  if (!(await identity.store.change((db) => removeUser(db, name)))) throw unknownUser(name)
}

/** Lifts the locks on a user's password, and perhaps on a whole network, and has every front door forget what led to them. */
export async function unlockAccount(
  { identity, principal }: Asker,
  name: string,
  network?: string,
): Promise<void> {
  requireManager(principal)
  const unlocked = [userKey(name), ...(network === undefined ? [] : [networkKey(network)])]
  await identity.store.change(async (db) => {
    if ((await findUser(db, name)) === undefined) throw unknownUser(name)
    const keys = (await listLocks(db)).map(({ key }) => key)
    const lifted = keys.filter((key) => unlocked.some((one) => isLiftedBy(one, key)))
    await liftLocks(db, lifted)
    await noteUnlocks(db, unlocked)
  })
}

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
