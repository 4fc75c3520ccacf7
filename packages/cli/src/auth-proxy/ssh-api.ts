import type { Terminal } from '../output/terminal.ts'
import type { Server } from '../roads/find-place.ts'
import type { Road } from '../roads/road.ts'
import type { ReachOptions } from '../roads/ssh-road.ts'
import { apiPath, takeAnswer, type AuthProxyApi } from './api.ts'
import { readAnswer } from './local-api.ts'

/**
 * The API directly on the state of a server, over SSH and as root there, so that it works even while TLS or the
 * front door is broken.
 */
export function sshAuthProxy(server: Server, options: ReachOptions, terminal: Terminal): AuthProxyApi {
  let opening: Promise<Road> | undefined
  return {
    place: `${server.target.domain}, over SSH`,
    async call(request) {
      opening ??= server.open(options, terminal)
      const { stdout, stderr } = await (
        await opening
      ).ask({
        verb: 'api',
        method: request.method,
        path: apiPath(request),
        body: request.body === undefined ? '' : JSON.stringify(request.body),
      })
      return takeAnswer(readAnswer(stdout, stderr))
    },
    async [Symbol.asyncDispose]() {
      const road = await opening?.catch(() => undefined)
      await road?.[Symbol.asyncDispose]()
    },
  }
}
