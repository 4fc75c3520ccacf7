import { homedir } from 'node:os'
import { join } from 'node:path'

/** What decides where files are stored; a parameter, so that tests can set it. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly platform: NodeJS.Platform
}

const here = (): Surroundings => ({ env: process.env, home: homedir(), platform: process.platform })

/** The folder for downloads and environments, which can be recreated at any time. */
export function cacheFolder({ env, home, platform }: Surroundings = here()): string {
  const chosen = env['SOEN_CACHE_DIR']
  if (chosen !== undefined && chosen !== '') return chosen
  const xdg = env['XDG_CACHE_HOME']
  if (xdg !== undefined && xdg !== '') return join(xdg, 'soen')
  return platform === 'darwin' ? join(home, 'Library', 'Caches', 'soen') : join(home, '.cache', 'soen')
}

/** The folder for a user's own data outside of any checkout; we never delete it. */
export function dataFolder({ env, home, platform }: Surroundings = here()): string {
  const xdg = env['XDG_DATA_HOME']
  if (xdg !== undefined && xdg !== '') return join(xdg, 'soen')
  return platform === 'darwin'
    ? join(home, 'Library', 'Application Support', 'soen')
    : join(home, '.local', 'share', 'soen')
}

/** The folder for a user's own settings and logins. */
export function configFolder({ env, home, platform }: Surroundings = here()): string {
  const xdg = env['XDG_CONFIG_HOME']
  if (xdg !== undefined && xdg !== '') return join(xdg, 'soen')
  return platform === 'darwin'
    ? join(home, 'Library', 'Application Support', 'soen')
    : join(home, '.config', 'soen')
}
