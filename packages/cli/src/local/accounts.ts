import { randomInt } from 'node:crypto'
import { CliError } from '../errors.ts'
import { runFrontDoor } from './front-door-program.ts'
import type { Home } from './home.ts'

/** The accounts of a local platform, kept by the front door and changed through its own program. */
export interface Accounts {
  list(): Promise<readonly string[]>
  /** Makes an account, or gives an existing one a new password. */
  set(name: string, role: 'admin' | 'member', password: string): Promise<void>
  remove(name: string): Promise<void>
}

/** The accounts in a home; a password goes by stdin, never by a command line. */
export function openAccounts(home: Pick<Home, 'accounts'>): Accounts {
  const user = (...args: string[]): string[] => ['user', ...args, '--state', home.accounts]
  return {
    async list() {
      const users: unknown = JSON.parse(await run(user('list', '--json')))
      return Array.isArray(users) ? users.map((entry: { name: string }) => entry.name) : []
    },
    async set(name, role, password) {
      await run(user('set', name, '--role', role), `${password}\n`)
    },
    async remove(name) {
      await run(user('remove', name))
    },
  }
}

/** Letters and digits that nobody confuses when reading them aloud. */
const alphabet = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** A password of 24 characters from 56: 139 bits. */
export function generatePassword(): string {
  return Array.from({ length: 24 }, () => alphabet[randomInt(alphabet.length)]).join('')
}

async function run(args: readonly string[], stdin = ''): Promise<string> {
  const { code, stdout, stderr } = await runFrontDoor(args, stdin)
  if (code === 0) return stdout
  throw new CliError(`The account could not be changed: ${(stderr || stdout).trim()}`, {
    code: 'SOEN_ACCOUNT_FAILED',
    hint: 'Mend what it names and run the same command again.',
  })
}
