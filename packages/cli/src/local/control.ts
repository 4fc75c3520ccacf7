import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { hasErrorCode } from '@soen/mlflow-server'
import type { Home } from './home.ts'

/** The status that a running platform reports. */
export interface PlatformStatus {
  readonly state: 'starting' | 'ready' | 'degraded' | 'stopping'
  readonly url: string | null
  readonly pid: number
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  readonly database: string
  readonly artifacts: string
  readonly programs: readonly ProgramStatus[]
}

/** One program of the platform. */
export interface ProgramStatus {
  readonly name: string
  readonly state: 'starting' | 'healthy' | 'restarting'
  readonly pid: number | null
  readonly restarts: number
}

/** What a platform does when `soen status` and `soen down` in other terminals ask it. */
export interface ControlOptions {
  readonly home: Pick<Home, 'controlSocket'>
  readonly status: () => PlatformStatus
  readonly stop: () => void
}

/** Listens on a unix socket in the home's private folder. Call it only while holding the home's lock. */
export async function serveControl({ home, status, stop }: ControlOptions): Promise<AsyncDisposable> {
  await rm(home.controlSocket, { force: true })
  const server = createServer((incoming, response) => {
    // Only after the response is sent: stopping may be the last thing that this process does.
    if (incoming.url === '/stop' && incoming.method === 'POST') response.once('close', stop)
    response.setHeader('content-type', 'application/json').end(JSON.stringify(status()))
  })
  server.listen(home.controlSocket)
  await once(server, 'listening')
  return {
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** The status of a home's platform; undefined where none is running. */
export async function askPlatform(
  home: Pick<Home, 'controlSocket'>,
  what: 'status' | 'stop' = 'status',
): Promise<PlatformStatus | undefined> {
  const asking = request({
    socketPath: home.controlSocket,
    path: `/${what}`,
    method: what === 'stop' ? 'POST' : 'GET',
    timeout: 5000,
  })
  asking.on('timeout', () => asking.destroy(new Error('the platform does not answer')))
  asking.end()
  try {
    const [response] = await once(asking, 'response')
    // Both ends of the socket are this package, in a private folder.
    const status: PlatformStatus = JSON.parse(await text(response))
    return status
  } catch (error) {
    if (isNobodyThere(error)) return undefined
    throw error
  }
}

/** Whether the platform ended meanwhile: it then closes connections before or after a request was written. */
function isNobodyThere(error: unknown): boolean {
  return ['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'].some((code) => hasErrorCode(error, code))
}
