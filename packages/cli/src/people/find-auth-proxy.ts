import type { AuthProxyApi } from '../auth-proxy/api.ts'
import { localAuthProxy } from '../auth-proxy/local-api.ts'
import { remoteAuthProxy } from '../auth-proxy/remote-api.ts'
import { parseServerUrl } from '../auth-proxy/server-url.ts'
import { sshAuthProxy } from '../auth-proxy/ssh-api.ts'
import { findHome } from '../local/home.ts'
import { createAsker, readSecretLine } from '../output/ask.ts'
import type { Terminal } from '../output/terminal.ts'
import { findPlace } from '../roads/find-place.ts'
import type { ReachOptions } from '../roads/ssh-road.ts'
import type { WhichTarget } from '../targets/find-target.ts'
import { findLogin, notSignedIn } from './logins.ts'

/** The options that choose a front door. */
export interface WhichAuthProxy extends WhichTarget, ReachOptions {
  /** `--server` */
  readonly server?: string
  /** `--home`, else `SOEN_HOME` */
  readonly home?: string
  readonly passwordStdin?: boolean
}

/**
 * Finds the chosen front door: by target, server or home, else that of the server that this machine is signed in to,
 * else the local platform's.
 */
export async function findAuthProxy(which: WhichAuthProxy, terminal: Terminal): Promise<AuthProxyApi> {
  const { server, home, passwordStdin } = which
  if (which.target !== undefined) {
    const place = await findPlace(which)
    return place.kind === 'server'
      ? sshAuthProxy(place.server(), which, terminal)
      : localAuthProxy(findHome({ chosen: home }))
  }
  const named = server === undefined ? undefined : parseServerUrl(server, { plainHttp: true })
  const found = named === undefined && home !== undefined ? undefined : await findLogin(named)
  if (found === undefined) {
    if (named !== undefined) throw notSignedIn(named)
    return localAuthProxy(findHome({ chosen: home }))
  }
  const { user, token } = found.login
  const asker = createAsker({ otherwise: 'Pipe the password: --password-stdin' })
  return remoteAuthProxy(found.server, {
    user,
    token,
    askPassword: () =>
      passwordStdin ? readSecretLine() : asker.hidden(`Password of ${user} on ${found.server}:`),
  })
}
