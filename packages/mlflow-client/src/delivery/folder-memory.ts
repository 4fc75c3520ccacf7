import { writeRemote } from '../journal/header.ts'
import type { RunMemory } from './open-run.ts'

/** The memory of a run that is being logged: it knows nothing yet, and writes down what it learns. */
export function folderMemory(folder: string): RunMemory {
  let known: ReturnType<RunMemory['recall']>
  return {
    recall: () => known,
    remember: (remote) => {
      known = remote
      try {
        writeRemote(folder, remote)
      } catch {
        // The process remembers; only a kill on top of a disk that refuses could double the run.
      }
    },
  }
}
