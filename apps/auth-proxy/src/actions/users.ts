import { Refusal } from '../errors/refusals.ts'
import { parseLegacyEnd } from '../identity/legacy-end.ts'
import { isLiftedBy, networkKey, userKey } from '../identity/lock-keys.ts'
import { liftLocks, listLocks } from '../identity/stored-locks.ts'
import { noteUnlocks } from '../identity/stored-unlocks.ts'
import { findUser, listUsers, removeUser, setUser } from '../identity/stored-users.ts'
import type { StoredUser, UserChanges } from '../identity/stored-users.ts'
import { takenName, unknownUser } from '../identity/unknown.ts'
import { parseUserName } from '../identity/user.ts'
import type { Role } from '../identity/user.ts'
import type { Asker } from './asker.ts'
import { requireAdmin, requireOther, requirePerson } from './permissions.ts'

/** What an admin can set on an account. */
export interface AccountForm {
  readonly role?: Role | undefined
  readonly password?: string | undefined
  readonly isDisabled?: boolean | undefined
  /** The last day of a password that several people share; `never` makes it one person's own account. */
  readonly legacyUntil?: string | undefined
}

/** The fields of a new account. */
export interface NewAccount extends AccountForm {
  readonly name: string
  readonly kind?: 'person' | 'service' | undefined
}

/** All accounts, without their password hashes. */
export async function accounts({ identity }: Asker): Promise<Omit<StoredUser, 'passwordHash'>[]> {
  const users = await identity.store.read(listUsers)
  return users.map(({ passwordHash: _secret, ...shown }) => shown)
}

/** Creates an account; refuses a name that is taken. */
export async function addAccount(asker: Asker, { name: typed, ...wish }: NewAccount): Promise<void> {
  const { identity, principal } = asker
  requireAdmin(principal)
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

/** Changes the fields that the form has. Admins can change everything but their own rights. */
export async function changeAccount(asker: Asker, name: string, wish: AccountForm): Promise<void> {
  const { identity, principal } = asker
  requireAdmin(principal)
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

/** Deletes an account other than the caller's own. */
export async function dropAccount({ identity, principal }: Asker, name: string): Promise<void> {
  requireAdmin(principal)
  requirePerson(principal)
  requireOther(principal, name)
  if (!(await identity.store.change((db) => removeUser(db, name)))) throw unknownUser(name)
}

/**
 * Lifts the locks on a user's password and, if asked, on a whole network, and makes every front door forget
 * the failed attempts behind them.
 */
export async function unlockAccount(
  { identity, principal }: Asker,
  name: string,
  network?: string,
): Promise<void> {
  requireAdmin(principal)
  requirePerson(principal)
  const unlocked = [userKey(name), ...(network === undefined ? [] : [networkKey(network)])]
  await identity.store.change(async (db) => {
    if ((await findUser(db, name)) === undefined) throw unknownUser(name)
    const keys = (await listLocks(db)).map(({ key }) => key)
    const lifted = keys.filter((key) => unlocked.some((one) => isLiftedBy(one, key)))
    await liftLocks(db, lifted)
    await noteUnlocks(db, unlocked)
  })
}
