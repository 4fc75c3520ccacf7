import { createHash } from 'node:crypto'
import { access, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { hasErrorCode } from '../errors.ts'
import type { Python } from './find-python.ts'

/** A key that changes with everything that affects an environment. */
export function environmentKey(requirements: Uint8Array, base: Python): string {
  const hash = createHash('sha256').update(requirements).update(base.tag).update(base.version)
  return hash.digest('hex').slice(0, 16)
}

/** The folders of one build; both are removed when it is over. */
export interface BuildingSite {
  /** Does not exist yet; becomes the result. */
  readonly building: string
  /** For whatever is needed only during the build. */
  readonly scratch: string
}

/** What this process is building right now: its process id alone does not tell. */
const underway = new Set<string>()

/** Builds a folder or file beside its place, then moves it there; another process may have finished first. */
export async function buildInPlace(
  place: string,
  build: (site: BuildingSite) => Promise<void>,
): Promise<void> {
  const site = `${place}.${process.pid}-${hostname()}.partial`
  const [building, scratch] = [join(site, 'building'), join(site, 'scratch')]
  await removeAbandoned(dirname(place))
  underway.add(site)
  try {
    await mkdir(scratch, { recursive: true })
    await build({ building, scratch })
    await rename(building, place)
  } catch (error) {
    if (!(await exists(place))) throw error
  } finally {
    await rm(site, { recursive: true, force: true })
    underway.delete(site)
  }
}

/**
 * Removes what killed builders left in a folder.
 *
 * @returns whether there was anything
 */
export async function removeAbandoned(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch(() => [])
  let wasLeft = false
  for (const name of names) {
    const path = join(folder, name)
    if (!(await isAbandoned(path))) continue
    wasLeft = true
    // A leftover that cannot be removed, for instance because another user owns it, must not prevent a build.
    await rm(path, { recursive: true, force: true, maxRetries: 5 }).catch(() => {})
  }
  return wasLeft
}

const abandonedAfterMs = 24 * 60 * 60 * 1000

/**
 * A process id is meaningful only on its own machine, and may have been reused; but after a day no builder is still
 * at work, wherever it ran.
 */
async function isAbandoned(path: string): Promise<boolean> {
  if (!/\.partial(\.venv)?$/.test(path) || underway.has(path)) return false
  const [, pid, host] = /\.(\d+)-([^/]*)\.partial$/.exec(path) ?? []
  if (host === hostname() && !isRunning(Number(pid))) return true
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }))
  return Date.now() - mtimeMs > abandonedAfterMs
}

function isRunning(pid: number): boolean {
  // If this very process were building it, it would be in `underway`.
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !hasErrorCode(error, 'ESRCH')
  }
}

/** Whether a path exists. */
export async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch {
    return false
  }
}
