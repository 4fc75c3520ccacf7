import { generatePassword } from '../auth-proxy/password.ts'
import type { Accounts } from './accounts.ts'

/** The account to sign in with. */
export interface SignIn {
  readonly user: 'admin'
  /** Only where it is new: it is shown once and stored as a hash. */
  readonly password: string | null
}

/** Creates the admin account at the first start, or resets its password. */
export async function ensureAdmin(accounts: Accounts, isReset: boolean): Promise<SignIn> {
  const isThere = (await accounts.list()).includes('admin')
  if (isThere && !isReset) return { user: 'admin', password: null }
  const password = generatePassword()
  await accounts.set('admin', 'admin', password)
  return { user: 'admin', password }
}

/** The line that shows how to sign in. */
export function signInLine({ user, password }: SignIn): string {
  return password === null
    ? `Sign in  ${user}, with the password of the first start (lost? restart with --reset-admin-password)`
    : `Sign in  ${user} ${password} (shown this once)`
}
