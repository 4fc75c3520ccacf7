/** A `fetch` that holds up no program; it is loaded with the first request: who logs into a folder makes none. */
export function createLazyFetch(): typeof globalThis.fetch {
  let loaded: Promise<typeof globalThis.fetch> | undefined
  return async (...request) => {
    loaded ??= load()
    return await (
      await loaded
    )(...request)
  }
}

async function load(): Promise<typeof globalThis.fetch> {
  const { createBackgroundFetch } = await import('./background-fetch.ts')
  const { NameGuard } = await import('./name-guard.ts')
  return new NameGuard().guard(createBackgroundFetch())
}
