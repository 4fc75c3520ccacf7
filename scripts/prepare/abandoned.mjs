import { readdir, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'

/** The folder beside its place where this process builds; the name is unique even if machines share the cache. */
export function siteOf(place) {
  return `${place}.${process.pid}-${hostname()}.partial`
}

/** Removes what killed builders left in a folder, like `removeAbandoned()` of @soen/mlflow-server. */
export async function removeAbandoned(folder) {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name)
    if (await isAbandoned(path))
      await rm(path, { recursive: true, force: true, maxRetries: 5 }).catch(() => {})
  }
}

const abandonedAfterMs = 24 * 60 * 60 * 1000

/** The builder's id may have been reused, but after a day no builder is still at work. */
async function isAbandoned(path) {
  if (!path.endsWith('.partial')) return false
  const [, pid, host] = /\.(\d+)-([^/]*)\.partial$/.exec(path) ?? []
  if (host === hostname() && !isRunning(Number(pid))) return true
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }))
  return Date.now() - mtimeMs > abandonedAfterMs
}

/** Whether another process has this id; this process has not started building. */
function isRunning(pid) {
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code !== 'ESRCH'
  }
}
