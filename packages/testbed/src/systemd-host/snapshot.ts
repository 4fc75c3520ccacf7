import { createHash } from 'node:crypto'
import { readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheFolder } from '@soen/mlflow-server'
import { buildOnce } from '../build-once.ts'
import { ensureBaseImage, type Suite } from './base-image.ts'
import { startSystemdHost, type SystemdHost } from './systemd-host.ts'

/** What a snapshot contains. */
export interface SnapshotOptions {
  readonly suite: Suite
  readonly name: string
  /** Identifies everything that affects the prepared host: a different value leads to a different snapshot. */
  readonly of: string
  /** Prepares a bare host. */
  readonly prepare: (host: SystemdHost) => Promise<void>
}

/** Longer than any test run that may still boot from one. */
const keepMs = 6 * 60 * 60_000

/**
 * The file system layer of a host that was prepared and shut down cleanly, relative to its bare image; built the
 * first time and cached. When a new one is built, those of the same name that nobody used for hours are deleted.
 */
export async function ensureSnapshot({ suite, name, of, prepare }: SnapshotOptions): Promise<string> {
  const key = createHash('sha256')
    .update(JSON.stringify([await ensureBaseImage(suite), of]))
    .digest('hex')
    .slice(0, 16)
  const folder = join(cacheFolder(), 'testbed', `${suite}-${name}`)
  const snapshot = join(folder, key)
  await buildOnce(snapshot, async (building) => {
    await removeUnused(folder)
    const layer = `${building}.layer`
    await rm(layer, { recursive: true, force: true })
    try {
      await using host = await startSystemdHost({ suite, layer })
      await prepare(host)
      await host.powerOff()
      await rename(join(layer, 'upper'), building)
    } finally {
      await rm(layer, { recursive: true, force: true })
    }
  })
  const now = new Date()
  await utimes(snapshot, now, now)
  return snapshot
}

async function removeUnused(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const { mtimeMs } = await stat(path)
    if (mtimeMs < Date.now() - keepMs) await rm(path, { recursive: true, force: true })
  }
}
