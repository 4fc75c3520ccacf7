import { statSync } from 'node:fs'
import { extname } from 'node:path'

/** A checkpoint on the disk. */
export interface CheckpointFiles {
  readonly path: string
  /** When it was last written, in milliseconds since 1970. */
  readonly writtenMs: number
  /** Changes with the file. */
  readonly fingerprint: string
  /** The file beside it that is written last; missing when there is none, or only an older checkpoint's. */
  readonly sidecar: { readonly path: string; readonly fingerprint: string } | undefined
}

/**
 * Read the state of a checkpoint and its side-car.
 *
 * @param sidecar - its extension: `model.ckpt` has `model.ckpt.soen` or `model.soen` beside it
 */
export function lookAtCheckpoint(path: string, sidecar: string): CheckpointFiles {
  const { fingerprint, mtimeMs } = lookAt(path)
  for (const candidate of [`${path}${sidecar}`, `${path.slice(0, -extname(path).length)}${sidecar}`]) {
    try {
      const beside = lookAt(candidate)
      if (beside.mtimeMs < mtimeMs) continue
      return {
        path,
        writtenMs: mtimeMs,
        fingerprint,
        sidecar: { path: candidate, fingerprint: beside.fingerprint },
      }
    } catch {
      // No file of this name, or not yet.
    }
  }
  return { path, writtenMs: mtimeMs, fingerprint, sidecar: undefined }
}

function lookAt(path: string): { fingerprint: string; mtimeMs: number } {
  const { size, mtimeMs, ino } = statSync(path)
  return { fingerprint: `${ino}:${size}:${mtimeMs}`, mtimeMs }
}
