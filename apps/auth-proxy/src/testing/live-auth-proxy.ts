import { openUpstream } from '../forward/upstream.ts'
import { listenOn } from '../http/listen.ts'
import { buildServer } from '../server.ts'
import { testAuthenticator } from './auth-proxy.ts'

/** A front door on a loopback port, before a real MLflow. */
interface LiveAuthProxy extends AsyncDisposable {
  readonly url: string
}

/** Opens one for the accounts of all tests, without pages or state of its own. */
export async function openLiveAuthProxy(socketPath: string): Promise<LiveAuthProxy> {
  const upstream = openUpstream(`unix:${socketPath}`)
  const server = buildServer({ upstream, authenticator: await testAuthenticator() })
  const url = await listenOn(server, { host: '127.0.0.1', port: 0 })
  return {
    url,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await upstream.destroy()
    },
  }
}
