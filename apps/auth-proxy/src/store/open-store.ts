import { existsSync } from 'node:fs'
import { AuthProxyError, UsageError } from '../errors/auth-proxy-error.ts'
import { openSqlite } from './open-sqlite.ts'
import type { Store } from './store.ts'

const postgresUrl = /^postgres(?:ql)?:\/\//

/** Whether a state is a database URL; otherwise it is a file. */
export function isDatabaseUrl(state: string): boolean {
  return postgresUrl.test(state)
}

/** Opens an existing state; a mistyped name must not become a new, empty one. */
export async function openExistingStore(state: string): Promise<Store> {
  if (isDatabaseUrl(state) || existsSync(state)) return openStore(state)
  throw new AuthProxyError({
    code: 'SOEN_STATE_MISSING',
    message: `There is no state file ${state}.`,
    hint: 'Check --state; user set and serve make the file when it is new.',
  })
}

/** Opens the state, a file or a PostgreSQL by URL, and migrates it. */
export async function openStore(state: string): Promise<Store> {
  if (!isDatabaseUrl(state)) return named(`The state file ${state}`, openSqlite(state))
  const shown = withoutSecrets(state)
  // PostgreSQL's driver takes 10 MB of memory, which a state file doesn't need.
  const { openPostgres } = await import('./open-postgres.ts')
  return named(`The state at ${shown}`, openPostgres(state))
}

/** Checks the address of a state, so that it can be shown and logged: refuses one with a password. */
export function checkStateAddress(state: string): string {
  return isDatabaseUrl(state) ? withoutSecrets(state) : state
}

/** An argument shows in every process list, so the password is given by the environment. */
function withoutSecrets(url: string): string {
  const authority = /^[^/]+\/\/(?<authority>[^/?#]*)/.exec(url)?.groups?.['authority'] ?? ''
  const hasPassword = authority.slice(0, authority.lastIndexOf('@') + 1).includes(':')
  if (!hasPassword && !/[?&]password=/i.test(url)) return url
  throw new UsageError({
    code: 'SOEN_STATE_URL_HAS_PASSWORD',
    message: '--state is an address with a password in it, which every process list shows.',
    hint: 'Leave it out and set PGPASSWORD, or sign in by the unix socket: postgresql:///soen_auth?host=/run/postgresql.',
  })
}

async function named(what: string, opening: Promise<Store>): Promise<Store> {
  try {
    return await opening
  } catch (cause) {
    throw new AuthProxyError({
      code: 'SOEN_STATE_UNUSABLE',
      message: `${what} cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: 'Give --state a file in a folder of your own, or the URL of a PostgreSQL that runs; restore a damaged one from a backup.',
      cause,
    })
  }
}
