import { hostname } from 'node:os'
import { CliError } from '../errors.ts'
import { callServer, checkServer, type Credential } from '../auth-proxy/remote-api.ts'
import { parseServerUrl } from '../auth-proxy/server-url.ts'
import { createAsker, readSecretLine } from '../output/ask.ts'
import { shownTime } from '../output/shown-time.ts'
import type { Terminal } from '../output/terminal.ts'
import { revokeToken } from './end-login.ts'
import { addLogin, readLogins, type Login } from './logins.ts'
import { writeMlflowCredentials } from './mlflow-credentials.ts'

/** The options of `soen login`. */
export interface LoginOptions {
  readonly user?: string
  readonly name?: string
  readonly days: number
  readonly passwordStdin?: boolean
  readonly tokenStdin?: boolean
  readonly plainHttp?: boolean
  readonly json?: boolean
}

interface NewToken {
  readonly id: string
  readonly owner: string
  readonly expiresAt?: string
  readonly token: string
}

/** Signs this machine in to a server with a token of its own, created with the password once. */
export async function makeLogin(address: string, options: LoginOptions, terminal: Terminal): Promise<void> {
  const server = parseServerUrl(address, options)
  const before = (await readLogins()).servers
  await checkServer(server)
  const made = options.tokenStdin
    ? await takeToken(server, await readSecretLine())
    : await makeToken(server, await askPassword(server, options), options)
  // The token first, then the files: if something fails later, the token can still be listed and revoked.
  await addLogin(server, made)
  const known = Object.values(before).map(({ token }) => token)
  const { kept } = await writeMlflowCredentials(made, known)
  const old = before[server]
  if (old !== undefined && old.token !== made.token) await forget(server, old, terminal)
  show(server, made, kept, options, terminal)
}

async function askPassword(
  server: string,
  { user, passwordStdin }: LoginOptions,
): Promise<Extract<Credential, { kind: 'password' }>> {
  if (passwordStdin && user === undefined) {
    throw new CliError('Whose password comes from stdin is not said.', {
      code: 'SOEN_USER_MISSING',
      hint: 'Name the account: soen login URL --user ada --password-stdin',
    })
  }
  const otherwise =
    'Pipe the password (--user NAME --password-stdin) or a token of the page /_soen/account (--token-stdin).'
  const asker = createAsker({ otherwise })
  const name = user ?? (await asker.line(`User name on ${server}:`)).trim()
  const password = passwordStdin ? await readSecretLine() : await asker.hidden(`Password of ${name}:`)
  return { kind: 'password', user: name, password }
}

/** Creates a token for this machine. */
async function makeToken(
  server: string,
  credential: Credential,
  { name = `soen on ${hostname()}`, days }: LoginOptions,
): Promise<Login> {
  const body = { name: name.slice(0, 64), days }
  const made = await callServer<NewToken>(server, { method: 'POST', path: 'tokens', body }, credential)
  const { id, owner, token, expiresAt } = made
  return { user: owner, token, tokenId: id, isOurs: true, ...(expiresAt === undefined ? {} : { expiresAt }) }
}

/** Uses a token that was created elsewhere, and is revoked there. */
async function takeToken(server: string, token: string): Promise<Login> {
  const me = { method: 'GET', path: 'me' } as const
  const { name } = await callServer<{ name: string }>(server, me, { kind: 'token', token })
  return { user: name, token, tokenId: token.split('_')[1] ?? '', isOurs: false }
}

/** Revokes the token that the new one replaces. The login is valid even if that fails. */
async function forget(server: string, old: Login, terminal: Terminal): Promise<void> {
  await revokeToken(server, old).catch((error: unknown) => {
    terminal.warn(`The earlier token ${old.tokenId} is still good: ${String(error)}`)
  })
}

function show(
  server: string,
  { user, tokenId, expiresAt }: Login,
  kept: string | undefined,
  { json }: LoginOptions,
  terminal: Terminal,
): void {
  if (json) return terminal.json({ server, user, tokenId, expiresAt })
  terminal.result(`Signed in to ${server} as ${user}.`)
  terminal.note(
    `Token ${tokenId}, good until ${shownTime(expiresAt ?? 'it is revoked')}: soen logout revokes it.`,
  )
  if (kept !== undefined) terminal.note(`The login that MLflow had before is kept in ${kept}.`)
  const overriding = ['MLFLOW_TRACKING_TOKEN', 'MLFLOW_TRACKING_USERNAME', 'MLFLOW_TRACKING_PASSWORD']
  const set = overriding.filter((name) => process.env[name] !== undefined)
  if (set.length > 0) terminal.warn(`${set.join(', ')} in this shell go before what was stored now.`)
  terminal.note(`Programs that log need only the address: export MLFLOW_TRACKING_URI=${server}`)
}
