import { createHash, timingSafeEqual } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { AuthProxyError } from '../errors/auth-proxy-error.ts'
import { setUser, listUsers } from '../identity/stored-users.ts'
import { randomBase62 } from '../identity/base62.ts'
import type { Identity } from '../identity/open-identity.ts'
import { parseUserName } from '../identity/user.ts'

/** The form that creates the first admin. */
interface SetupForm {
  readonly secret: string
  readonly name: string
  readonly password: string
}

/** Creation of the first admin, protected by a one-time secret in a file on the server. */
export interface Setup {
  readonly isOpen: boolean
  /** Creates the first admin; false when the secret is wrong or there is an account already. */
  complete(form: SetupForm): Promise<boolean>
}

const oldSecret = /^\w{32}\n$/

/** The set-up page is closed. */
export const noSetup: Setup = { isOpen: false, complete: async () => false }

/**
 * Writes a new secret for this start of the server into a file that only its own user can read. This gives
 * nothing away: whoever can read that file could just as well change the state directly.
 */
export function openSetup(
  { store, hashNewPassword }: Pick<Identity, 'store' | 'hashNewPassword'>,
  file: string,
): Setup {
  const secret = randomBase62(32)
  const digest = digestOf(secret)
  try {
    removeOldSecret(file)
    writeFileSync(file, `${secret}\n`, { mode: 0o600, flag: 'wx' })
  } catch (cause) {
    throw new AuthProxyError({
      code: 'SOEN_SETUP_FILE',
      message: `The set-up secret cannot be written to ${file}: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: 'Give --setup-secret-file a file in a folder of this user.',
      cause,
    })
  }
  let isOpen = true
  return {
    get isOpen() {
      return isOpen
    },
    async complete(form) {
      if (!isOpen || !timingSafeEqual(digestOf(form.secret.trim()), digest)) return false
      const name = parseUserName(form.name)
      const passwordHash = await hashNewPassword(form.password, name)
      const isFirst = await store.change(async (db) => {
        if ((await listUsers(db)).length > 0) return false
        await setUser(db, name, { role: 'admin', passwordHash })
        return true
      })
      isOpen = false
      rmSync(file, { force: true })
      return isFirst
    },
  }
}

/**
 * An existing file may be readable by others, so an old secret is deleted and written anew; a file that is
 * not an old secret stays.
 */
function removeOldSecret(file: string): void {
  if (existsSync(file) && oldSecret.test(readFileSync(file, 'utf8'))) rmSync(file)
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
