import { homedir } from 'node:os'
import { join } from 'node:path'

/** The surroundings that decide where files live; a parameter so that tests can choose. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly platform: NodeJS.Platform
}

const here = (): Surroundings => ({ env: process.env, home: homedir(), platform: process.platform })

/** Where downloads and environments are kept that can be made again at any time. */
export function cacheFolder({ env, home, platform }: Surroundings = here()): string {
  const chosen = env['SOEN_CACHE_DIR']
  if (chosen !== undefined && chosen !== '') return chosen
  const xdg = env['XDG_CACHE_HOME']
  if (xdg !== undefined && xdg !== '') return join(xdg, 'soen')
  return platform === 'darwin' ? join(home, 'Library', 'Caches', 'soen') : join(home, '.cache', 'soen')
}

/** Where a user's own data lives outside any checkout: it is never removed by us. */
export function dataFolder({ env, home, platform }: Surroundings = here()): string {
  const xdg = env['XDG_DATA_HOME']
  if (xdg !== undefined && xdg !== '') return join(xdg, 'soen')
  return platform === 'darwin'
    ? join(home, 'Library', 'Application Support', 'soen')
    : join(home, '.local', 'share', 'soen')
}

/** Where a user's own settings and logins live. */
export function configFolder({ env, home, platform }: Surroundings = here()): string {
  const xdg = env['XDG_CONFIG_HOME']
  if (xdg !== undefined && xdg !== '') return join(xdg, 'soen')
  return platform === 'darwin'
    ? join(home, 'Library', 'Application Support', 'soen')
    : join(home, '.config', 'soen')
}
