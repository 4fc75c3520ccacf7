import { CliError, isRelayed } from '../errors.ts'
import { callServer } from '../auth-proxy/remote-api.ts'
import { parseServerUrl } from '../auth-proxy/server-url.ts'
import { shownTime } from '../output/shown-time.ts'
import type { Terminal } from '../output/terminal.ts'
import { findLogin, notSignedIn, removeLogin, type Login } from './logins.ts'
import { removeMlflowCredentials } from './mlflow-credentials.ts'

/**
 * Forgets this machine's token, then revokes it: a machine that is given away must forget it even if the server is
 * unreachable.
 */
export async function endLogin(
  address: string | undefined,
  { json }: { json?: boolean },
  terminal: Terminal,
): Promise<void> {
  const wanted = address === undefined ? undefined : parseServerUrl(address, { plainHttp: true })
  const found = await findLogin(wanted)
  if (found === undefined) throw notSignedIn(wanted)
  const { server, login } = found
  await removeMlflowCredentials(login.token)
  await removeLogin(server)
  if (login.isOurs) await revokeOrSay(server, login)
  if (json) return terminal.json({ server, user: login.user, tokenId: login.tokenId, revoked: login.isOurs })
  terminal.result(`Signed out of ${server}.`)
  if (!login.isOurs) terminal.note(`Token ${login.tokenId} was made elsewhere and is still good there.`)
}

/** Codes by which a server says that the token is no longer valid. */
const alreadyOver = ['SOEN_TOKEN_WRONG', 'SOEN_TOKEN_EXPIRED', 'SOEN_LOGIN_ENDED']

/** Revokes this machine's token. */
export async function revokeToken(server: string, { token, tokenId, isOurs }: Login): Promise<void> {
  if (!isOurs) return
  try {
    await callServer(server, { method: 'DELETE', path: `tokens/${tokenId}` }, { kind: 'token', token })
  } catch (error) {
    if (!isRelayed(error, ...alreadyOver)) throw error
  }
}

async function revokeOrSay(server: string, login: Login): Promise<void> {
  try {
    await revokeToken(server, login)
  } catch (cause) {
    const end = login.expiresAt === undefined ? '' : ` until ${shownTime(login.expiresAt)}`
    throw new CliError(`This machine has forgotten the token, but ${server} still takes it${end}.`, {
      code: 'SOEN_TOKEN_NOT_REVOKED',
      hint: `Revoke ${login.tokenId} on the page ${server}/_soen/account, or sign in again later.`,
      cause,
    })
  }
}
