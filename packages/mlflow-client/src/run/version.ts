import { readFileSync } from 'node:fs'

let known: string | undefined

/** The version of this package; its manifest is two folders up, from the sources as well as the build. */
export function clientVersion(): string {
  known ??= readVersion()
  return known
}

function readVersion(): string {
  try {
    const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
    const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest
    return isManifest ? String(manifest.version) : 'unknown'
  } catch {
    // Bundled into a program, without a manifest.
    return 'unknown'
  }
}
