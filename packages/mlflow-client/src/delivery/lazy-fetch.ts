import type { ConnectionOptions } from './agent-options.ts'

/**
 * A `fetch` that never keeps the program alive unless asked to. It is loaded with the first request: programs that
 * log to a folder make none.
 */
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
  // Where the program waits anyway, the system may resolve names in its own way.
  if (connection.keepsAlive === true) return fetch
  const guarded = new NameGuard().guard(fetch)
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    // Behind a proxy there may be no name server at all.
    return await (mayBeProxied(url, connection.env) ? fetch : guarded)(input, init)
  }
}
