import { isRelayed } from '../errors.ts'
import { localAuthProxy } from '../auth-proxy/local-api.ts'
import type { Home } from './home.ts'

/** The accounts of a local platform, stored by the front door and changed through its API. */
export interface Accounts {
  list(): Promise<readonly string[]>
  /** Creates an account, or gives an existing one a new password and role. */
  set(name: string, role: 'admin' | 'member', password: string): Promise<void>
  remove(name: string): Promise<void>
}

/** The accounts in a home. */
export function openAccounts(home: Pick<Home, 'path' | 'accounts'>): Accounts {
  const authProxy = localAuthProxy(home)
  return {
    async list() {
      try {
        const users = await authProxy.call<readonly { name: string }[]>({ method: 'GET', path: 'users' })
        return users.map(({ name }) => name)
      } catch (error) {
        // The first account creates the state.
        if (isRelayed(error, 'SOEN_STATE_MISSING')) return []
        throw error
      }
    },
    async set(name, role, password) {
      try {
        await authProxy.call({ method: 'POST', path: 'users', body: { name, role, password } })
      } catch (error) {
        if (!isRelayed(error, 'SOEN_USER_EXISTS')) throw error
        await authProxy.call({ method: 'PATCH', path: `users/${name}`, body: { role, password } })
      }
    },
    async remove(name) {
      await authProxy.call({ method: 'DELETE', path: `users/${name}` })
    },
  }
}
