import { createHash } from 'node:crypto'
import { access, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Python } from './find-python.ts'

/** Changes with everything that makes an environment another one. */
export function environmentKey(requirements: Uint8Array, base: Python): string {
  const hash = createHash('sha256').update(requirements).update(base.tag).update(base.version)
  return hash.digest('hex').slice(0, 16)
}

/** Builds a folder beside its place, then moves it there; another process may have been faster. */
export async function buildInPlace(place: string, build: (building: string) => Promise<void>): Promise<void> {
  const building = `${place}.${process.pid}.partial`
  await mkdir(dirname(place), { recursive: true })
  await removeAbandoned(dirname(place))
  try {
    await build(building)
    await rename(building, place)
  } catch (error) {
    if (!(await exists(place))) throw error
  } finally {
    await rm(building, { recursive: true, force: true })
  }
}

const abandonedAfterMs = 24 * 60 * 60 * 1000

/** Whoever was killed while building left something behind; a day later nobody works on it any more. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.partial')) continue
    const path = join(folder, name)
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }))
    if (Date.now() - mtimeMs > abandonedAfterMs) await rm(path, { recursive: true, force: true })
  }
}

/** Whether there is anything at a path. */
export async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch {
    return false
  }
}
