import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hasErrorCode } from '@soen/mlflow-server'
import { generatePassword } from '../auth-proxy/password.ts'
import { isRelayed } from '../errors.ts'
import type { Accounts } from './accounts.ts'
import type { Home } from './home.ts'

/** The account that an example logs as; its password is shown to nobody. */
export interface ExampleMember {
  readonly name: string
  readonly password: string
}

/**
 * The file has the account's name from before it is created until it is deleted: if we are killed, the next start
 * deletes the account.
 */
const notePath = (home: Pick<Home, 'path'>): string => join(home.path, 'example-member')

/** Creates the member, under an unused name. */
export async function addExampleMember(home: Pick<Home, 'path'>, accounts: Accounts): Promise<ExampleMember> {
  const taken = await accounts.list()
  let name = 'example'
  for (let count = 2; taken.includes(name); count += 1) name = `example-${count}`
  const password = generatePassword()
  await writeFile(notePath(home), name, { mode: 0o600 })
  await accounts.set(name, 'member', password)
  return { name, password }
}

/** Deletes the member of this start or of an earlier one, if there is one. */
export async function removeExampleMember(home: Pick<Home, 'path'>, accounts: Accounts): Promise<void> {
  let name: string
  try {
    name = await readFile(notePath(home), 'utf8')
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return
    throw error
  }
  try {
    if (name !== '') await accounts.remove(name)
  } catch (error) {
    if (!isRelayed(error, 'SOEN_USER_UNKNOWN', 'SOEN_STATE_MISSING')) throw error
  }
  await rm(notePath(home), { force: true })
}
