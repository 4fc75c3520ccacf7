import type { ConnectionOptions } from './agent-options.ts'

/** A `fetch` that holds up no program unless it is to; it is loaded with the first request: who logs into a folder makes none. */
export function createLazyFetch(connection: ConnectionOptions = {}): typeof globalThis.fetch {
  let loaded: Promise<typeof globalThis.fetch> | undefined
  return async (...request) => {
    loaded ??= load(connection)
    return await (
      await loaded
    )(...request)
  }
}

async function load(connection: ConnectionOptions): Promise<typeof globalThis.fetch> {
  const { createBackgroundFetch } = await import('./background-fetch.ts')
  const { mayBeProxied } = await import('./agent-options.ts')
  const { NameGuard } = await import('./name-guard.ts')
  const fetch = createBackgroundFetch(connection)
  // Where the program waits anyhow, the system may be asked for names as it likes.
  if (connection.keepsAlive === true) return fetch
  const guarded = new NameGuard().guard(fetch)
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    // Behind a proxy there may be no name server at all.
    return await (mayBeProxied(url, connection.env) ? fetch : guarded)(input, init)
  }
}
