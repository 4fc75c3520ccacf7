import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The programs that are carried, each packed into one file that needs nothing beside Node. */
export interface Bundles {
  readonly authProxy: string
  readonly host: string
}

/** The names of the packed programs in their folder. */
export const bundleNames: Bundles = { authProxy: 'auth-proxy.mjs', host: 'host.mjs' }

/**
 * They were packed when this package was built, or are in the folder that `SOEN_PROGRAMS` names; in a checkout they
 * are packed from the sources, now.
 */
export async function findBundles(folder: string): Promise<Bundles> {
  const built = process.env['SOEN_PROGRAMS'] ?? join(dirname(fileURLToPath(import.meta.url)), 'programs')
  const isBuilt = existsSync(join(built, bundleNames.host))
  if (!isBuilt) await (await import('./pack-programs.ts')).packPrograms(folder)
  const home = isBuilt ? built : folder
  return { authProxy: join(home, bundleNames.authProxy), host: join(home, bundleNames.host) }
}
