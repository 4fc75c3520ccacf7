import { callServer } from '../auth-proxy/remote-api.ts'
import { parseServerUrl } from '../auth-proxy/server-url.ts'
import { shownTime } from '../output/shown-time.ts'
import type { Terminal } from '../output/terminal.ts'
import { findLogin, notSignedIn } from './logins.ts'

/** Asks a server which account this machine is signed in as. */
export async function askWhoWeAre(
  { server: address, json }: { readonly server?: string; readonly json?: boolean },
  terminal: Terminal,
): Promise<void> {
  const wanted = address === undefined ? undefined : parseServerUrl(address, { plainHttp: true })
  const found = await findLogin(wanted)
  if (found === undefined) throw notSignedIn(wanted)
  const { server, login } = found
  const { token, tokenId, expiresAt } = login
  const me = { method: 'GET', path: 'me' } as const
  const { name, role } = await callServer<{ name: string; role: string }>(server, me, {
    kind: 'token',
    token,
  })
  if (json) return terminal.json({ server, user: name, role, tokenId, expiresAt })
  terminal.result(`${name} (${role}) on ${server}`)
  terminal.note(`Token ${tokenId}, good until ${shownTime(expiresAt ?? 'it is revoked')}.`)
}
