import type { FrontDoorApi } from '../front-door/api.ts'
import { localFrontDoor } from '../front-door/local-api.ts'
import { remoteFrontDoor } from '../front-door/remote-api.ts'
import { parseServerUrl } from '../front-door/server-url.ts'
import { sshFrontDoor } from '../front-door/ssh-api.ts'
import { findHome } from '../local/home.ts'
import { createAsker, readSecretLine } from '../output/ask.ts'
import type { Terminal } from '../output/terminal.ts'
import { findPlace } from '../roads/find-place.ts'
import type { ReachOptions } from '../roads/ssh-road.ts'
import type { WhichTarget } from '../targets/find-target.ts'
import { findLogin, notSignedIn } from './logins.ts'

/** Which front door is meant. */
export interface WhichFrontDoor extends WhichTarget, ReachOptions {
  /** `--server` */
  readonly server?: string
  /** `--home`, else `SOEN_HOME` */
  readonly home?: string
  readonly passwordStdin?: boolean
}

/**
 * Finds the front door that is meant: that of the named target, of the named server or of the named platform, else of
 * the server that this machine is signed in to, else of the local platform.
 */
export async function findFrontDoor(which: WhichFrontDoor, terminal: Terminal): Promise<FrontDoorApi> {
  const { server, home, passwordStdin } = which
  if (which.target !== undefined) {
    const place = await findPlace(which)
    return place.kind === 'server'
      ? sshFrontDoor(place.server(), which, terminal)
      : localFrontDoor(findHome({ chosen: home }))
  }
  const named = server === undefined ? undefined : parseServerUrl(server, { plainHttp: true })
  const found = named === undefined && home !== undefined ? undefined : await findLogin(named)
  if (found === undefined) {
    if (named !== undefined) throw notSignedIn(named)
    return localFrontDoor(findHome({ chosen: home }))
  }
  const { user, token } = found.login
  const asker = createAsker({ otherwise: 'Pipe the password: --password-stdin' })
  return remoteFrontDoor(found.server, {
    user,
    token,
    askPassword: () =>
      passwordStdin ? readSecretLine() : asker.hidden(`Password of ${user} on ${found.server}:`),
  })
}
