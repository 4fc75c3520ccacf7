import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { lookAtCheckpoint, type CheckpointFiles } from './checkpoint-files.ts'

/** Which files of a folder are checkpoints. */
export interface WatchedFolder {
  readonly dir: string
  readonly extension: string
  readonly sidecar: string
  /** Files last written before this belong to earlier trainings. */
  readonly sinceMs: number
}

/**
 * Finds checkpoints that another program has finished writing: they and their side-cars are unchanged since the last
 * look.
 *
 * Each look returns what has become complete since the one before: a checkpoint, and again when its side-car
 * follows.
 */
export class StableFiles {
  readonly #folder: WatchedFolder
  #seen = new Map<string, string>()
  readonly #given = new Map<string, string>()

  constructor(folder: WatchedFolder) {
    this.#folder = folder
  }

  /** Look at the folder. If it does not exist, nothing is found. */
  look(): CheckpointFiles[] {
    const seen = new Map<string, string>()
    const complete: CheckpointFiles[] = []
    for (const files of this.#find()) {
      const state = `${files.fingerprint} ${files.sidecar?.fingerprint ?? ''}`
      seen.set(files.path, state)
      const isStable = this.#seen.get(files.path) === state
      if (!isStable || this.#given.get(files.path) === state) continue
      this.#given.set(files.path, state)
      complete.push(files)
    }
    this.#seen = seen
    return complete
  }

  /** The existing checkpoints, the oldest first. */
  #find(): CheckpointFiles[] {
    const { dir, extension, sidecar, sinceMs } = this.#folder
    const found: CheckpointFiles[] = []
    for (const name of listRecursive(dir)) {
      if (!name.endsWith(extension)) continue
      const path = join(dir, name)
      try {
        if (!statSync(path).isFile()) continue
        const files = lookAtCheckpoint(path, sidecar)
        if (files.writtenMs >= sinceMs) found.push(files)
      } catch {
        // Trainers delete checkpoints at any moment.
      }
    }
    return found.toSorted((a, b) => a.writtenMs - b.writtenMs)
  }
}

function listRecursive(dir: string): string[] {
  try {
    return readdirSync(dir, { recursive: true, encoding: 'utf8' }).sort()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
