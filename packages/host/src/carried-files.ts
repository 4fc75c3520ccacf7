import { dirname } from 'node:path/posix'
import { placedFiles, placeOf, type Payload } from './payload.ts'
import type { Resource } from './resources/resource.ts'
import { rootFolder } from './system.ts'

/** The carried files at their places, with their folders; those in `bin` are executable. */
export function carriedFiles(payload: Payload): readonly Resource[] {
  const placed = placedFiles(payload)
  const folders = new Set(placed.map(({ path }) => dirname(placeOf(path))))
  return [
    ...[...folders].map(rootFolder),
    ...placed.map(({ path, sha256 }): Resource => {
      const mode = path.startsWith('bin/') ? 0o755 : 0o644
      return { kind: 'carried', path: placeOf(path), sha256, mode }
    }),
  ]
}
