import { randomUUID } from 'node:crypto'
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { configFolder, hasErrorCode } from '@soen/mlflow-server'
import { CliError } from '../errors.ts'

/** This machine's login to a server. */
export interface Login {
  readonly user: string
  readonly token: string
  /** Names the token in lists; does not authenticate. */
  readonly tokenId: string
  /** ISO 8601 in UTC; missing for a token that is valid until revoked. */
  readonly expiresAt?: string
  /** Whether `soen login` created the token, so that `soen logout` revokes it. */
  readonly isOurs: boolean
}

/** Every server that this machine is signed in to. */
export interface Logins {
  /** The server to use where none is named. */
  readonly default?: string
  readonly servers: Readonly<Record<string, Login>>
}

/** The file with the logins, readable by this user alone. */
function loginsPath(folder: string = configFolder()): string {
  return join(folder, 'servers.json')
}

/** Reads the logins; none where there is no file. */
export async function readLogins(path: string = loginsPath()): Promise<Logins> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return { servers: {} }
    throw unreadable(path, error)
  }
  try {
    const logins: Logins = JSON.parse(text)
    if (typeof logins.servers === 'object' && logins.servers !== null) return logins
  } catch (error) {
    throw unreadable(path, error)
  }
  throw unreadable(path)
}

/** Stores a login and makes it the default. */
export async function addLogin(server: string, login: Login, path: string = loginsPath()): Promise<void> {
  const { servers } = await readLogins(path)
  await writeLogins({ default: server, servers: { ...servers, [server]: login } }, path)
}

/** Forgets a login; another server, if there is one, becomes the default. */
export async function removeLogin(server: string, path: string = loginsPath()): Promise<void> {
  const { default: before, servers } = await readLogins(path)
  const { [server]: _gone, ...left } = servers
  const next = before === server ? Object.keys(left).at(-1) : before
  await writeLogins({ ...(next === undefined ? {} : { default: next }), servers: left }, path)
}

/** The login to the named server, else to the default one. */
export async function findLogin(
  server: string | undefined,
  path: string = loginsPath(),
): Promise<{ readonly server: string; readonly login: Login } | undefined> {
  const logins = await readLogins(path)
  const name = server ?? logins.default
  const login = name === undefined ? undefined : logins.servers[name]
  return name === undefined || login === undefined ? undefined : { server: name, login }
}

/** The error that says how to sign in first. */
export function notSignedIn(server: string | undefined): CliError {
  return new CliError(`This machine is not signed in to ${server ?? 'any server'}.`, {
    code: 'SOEN_NOT_SIGNED_IN',
    hint: `Sign in first: soen login ${server ?? 'https://mlflow.example.org'}`,
  })
}

/** Writes the file atomically, never readable by others. */
async function writeLogins(logins: Logins, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await replaceFile(path, `${JSON.stringify(logins, undefined, 2)}\n`)
}

/** Writes a private file atomically: a concurrent reader finds the old one or the new one. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const fresh = `${path}.${randomUUID()}`
  await writeFile(fresh, text, { mode: 0o600, flag: 'wx' })
  await chmod(fresh, 0o600)
  await rename(fresh, path)
}

function unreadable(path: string, cause?: unknown): CliError {
  return new CliError(`The file of logins cannot be read: ${path}`, {
    code: 'SOEN_LOGINS_UNREADABLE',
    hint: 'Mend it, or move it away and sign in again.',
    cause,
  })
}
