import { readFileSync } from 'node:fs'

let known: string | undefined

/** The version of this package; its manifest lies two folders up, from sources and from the build alike. */
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
    // Bundled into a program, where there is no manifest.
    return 'unknown'
  }
}
