import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleNames, type Bundles } from './bundle-names.ts'

/**
 * The packed programs: from this package's build, or from the folder that `SOEN_PROGRAMS` names; in a checkout they
 * are packed from source now.
 */
export async function findBundles(folder: string): Promise<Bundles> {
  const built = process.env['SOEN_PROGRAMS'] ?? join(dirname(fileURLToPath(import.meta.url)), 'programs')
  const isBuilt = existsSync(join(built, bundleNames.host))
  if (!isBuilt) await (await import('./pack-programs.ts')).packPrograms(folder)
  const home = isBuilt ? built : folder
  return { authProxy: join(home, bundleNames.authProxy), host: join(home, bundleNames.host) }
}
