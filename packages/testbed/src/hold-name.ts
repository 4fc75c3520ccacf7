import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Takes a name that only one process of this machine can hold. It is a socket in the abstract namespace, without a
 * file: however its holder ends, the kernel releases it.
 *
 * @returns undefined when somebody else holds it
 */
export async function tryToHold(name: string): Promise<AsyncDisposable | undefined> {
  const server = createServer()
  // A socket's address may have at most 107 bytes.
  const address = createHash('sha256').update(name).digest('hex')
  try {
    const listening = once(server, 'listening')
    server.listen({ path: `\0soen-testbed-${address}` }).unref()
    await listening
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return undefined
    throw error
  }
  return {
    async [Symbol.asyncDispose]() {
      server.close()
      await once(server, 'close')
    },
  }
}

/** Takes a name, waiting while somebody else holds it. */
export async function hold(name: string): Promise<AsyncDisposable> {
  for (;;) {
    const held = await tryToHold(name)
    if (held !== undefined) return held
    await sleep(200)
  }
}
