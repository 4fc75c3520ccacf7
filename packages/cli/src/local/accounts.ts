import { randomInt } from 'node:crypto'
import { localFrontDoor } from '../front-door/local-api.ts'
import type { Home } from './home.ts'

/** The accounts of a local platform, kept by the front door and changed through its API. */
export interface Accounts {
  list(): Promise<readonly string[]>
  /** Makes an account, or gives an existing one a new password and role. */
  set(name: string, role: 'admin' | 'member', password: string): Promise<void>
  remove(name: string): Promise<void>
}

/** The accounts in a home. */
export function openAccounts(home: Pick<Home, 'path' | 'accounts'>): Accounts {
  const frontDoor = localFrontDoor(home)
  const list = async (): Promise<readonly string[]> => {
    const users = await frontDoor.call<readonly { name: string }[]>({ method: 'GET', path: 'users' })
    return users.map(({ name }) => name)
  }
  return {
    list,
    async set(name, role, password) {
      const isThere = (await list()).includes(name)
      await frontDoor.call(
        isThere
          ? { method: 'PATCH', path: `users/${name}`, body: { role, password } }
          : { method: 'POST', path: 'users', body: { name, role, password } },
      )
    },
    async remove(name) {
      await frontDoor.call({ method: 'DELETE', path: `users/${name}` })
    },
  }
}

/** Letters and digits that nobody confuses when reading them aloud. */
const alphabet = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** A password of 24 characters from 56: 139 bits. */
export function generatePassword(): string {
  return Array.from({ length: 24 }, () => alphabet[randomInt(alphabet.length)]).join('')
}
