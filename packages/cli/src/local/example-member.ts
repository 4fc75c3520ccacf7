import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hasErrorCode } from '@soen/mlflow-server'
import { generatePassword } from '../auth-proxy/password.ts'
import { isRelayed } from '../errors.ts'
import type { Accounts } from './accounts.ts'
import type { Home } from './home.ts'

/** The account that an example logs as; nobody is told its password. */
export interface ExampleMember {
  readonly name: string
  readonly password: string
}

/** Holds its name from before it is made until it is gone: whatever ends us, the next start removes it. */
const notePath = (home: Pick<Home, 'path'>): string => join(home.path, 'example-member')

/** Makes the member, by a name that nobody has. */
export async function addExampleMember(home: Pick<Home, 'path'>, accounts: Accounts): Promise<ExampleMember> {
  const taken = await accounts.list()
  let name = 'example'
  for (let count = 2; taken.includes(name); count += 1) name = `example-${count}`
  const password = generatePassword()
  await writeFile(notePath(home), name, { mode: 0o600 })
  await accounts.set(name, 'member', password)
  return { name, password }
}

/** Removes the member of this start or of an earlier one; where there is none, nothing is done. */
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
