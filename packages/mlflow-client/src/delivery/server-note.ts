import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { hasShape, readJson, replaceJson } from '../node/json-file.ts'
import { lazyCrypto } from '../node/lazy-crypto.ts'
import type { RemoteSettings } from '../settings/settings.ts'
import type { HealthNotes } from './server-health.ts'

/** An older note about a server is ignored. */
const NEWS_FOR_MS = 10 * 60_000

/**
 * Shares a server's absence between programs with the same spool folder. Where the disk refuses, nothing is shared.
 */
export function serverNote({ spoolDir, trackingUri }: RemoteSettings): HealthNotes {
  const name = lazyCrypto().createHash('sha256').update(trackingUri).digest('hex').slice(0, 16)
  const path = join(spoolDir, `server-${name}.json`)
  const found = readJson(path, (value): value is { awayAtMs: number } =>
    hasShape(value, { awayAtMs: 'number' }),
  )
  const sinceMs = Date.now() - (found?.awayAtMs ?? -Infinity)
  return {
    isAway: sinceMs >= 0 && sinceMs < NEWS_FOR_MS,
    note(isAway) {
      try {
        if (isAway) replaceJson(path, { trackingUri, awayAtMs: Date.now() })
        else rmSync(path, { force: true })
      } catch {
        // The next program will find out by itself.
      }
    },
  }
}
