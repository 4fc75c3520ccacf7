import { generatePassword } from '../auth-proxy/password.ts'
import type { Accounts } from './accounts.ts'

/** How a person gets in. */
export interface SignIn {
  readonly user: 'admin'
  /** Only when it is new: it is shown this once and kept as a hash. */
  readonly password: string | null
}

/** Makes the admin account at the first start, or gives it a new password. */
export async function ensureAdmin(accounts: Accounts, isReset: boolean): Promise<SignIn> {
  const isThere = (await accounts.list()).includes('admin')
  if (isThere && !isReset) return { user: 'admin', password: null }
  const password = generatePassword()
  await accounts.set('admin', 'admin', password)
  return { user: 'admin', password }
}

/** The line that says it. */
export function signInLine({ user, password }: SignIn): string {
  return password === null
    ? `Sign in  ${user}, with the password of the first start (lost? restart with --reset-admin-password)`
    : `Sign in  ${user} ${password} (shown this once)`
}
