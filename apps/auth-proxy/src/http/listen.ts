import { once } from 'node:events'
import { chmodSync, unlinkSync } from 'node:fs'
import type { Server } from 'node:http'
import { connect } from 'node:net'
import { AuthProxyError, hasErrorCode } from '../errors/auth-proxy-error.ts'
import type { ListenAddress } from './listen-address.ts'

/** Starts listening; resolves to the address, as a URL or `unix:/path`. */
export async function listenOn(server: Server, address: ListenAddress): Promise<string> {
  if ('path' in address) await removeStaleSocket(address.path)
  try {
    server.listen(address)
    await once(server, 'listening')
  } catch (cause) {
    throw cannotListen(address, cause)
  }
  if ('path' in address) {
    // The TLS proxy runs as another user of the same group; the folder keeps everybody else out.
    chmodSync(address.path, 0o660)
    return `unix:${address.path}`
  }
  const bound = server.address()
  const port = typeof bound === 'object' && bound !== null ? bound.port : address.port
  return `http://${address.host.includes(':') ? `[${address.host}]` : address.host}:${port}`
}

function cannotListen(address: ListenAddress, cause: unknown): AuthProxyError {
  const place = 'path' in address ? address.path : `${address.host}:${address.port}`
  if (hasErrorCode(cause, 'EADDRINUSE')) {
    return new AuthProxyError({
      code: 'SOEN_PORT_BUSY',
      message: `Another program already listens on ${place}.`,
      hint: 'Stop it, or choose another --listen; port 0 takes any free one.',
      cause,
    })
  }
  return new AuthProxyError({
    code: 'SOEN_LISTEN_FAILED',
    message: `Cannot listen on ${place}: ${cause instanceof Error ? cause.message : String(cause)}`,
    hint: 'Choose another --listen, or start with the rights that this one needs.',
    cause,
  })
}

/** Removes the socket file of a killed process; one that still accepts connections is in use and stays. */
async function removeStaleSocket(path: string): Promise<void> {
  const isStale = await new Promise<boolean>((resolve) => {
    const probe = connect(path)
    probe.once('connect', () => {
      probe.destroy()
      resolve(false)
    })
    probe.once('error', (error) => resolve(hasErrorCode(error, 'ECONNREFUSED')))
  })
  if (isStale) unlinkSync(path)
}
