import { writeRemote } from '../journal/header.ts'
import type { Journal } from '../journal/journal.ts'
import type { RunMemory } from './open-run.ts'

/**
 * The memory of a run that is being logged: it knows nothing yet, and writes down what it learns.
 *
 * @param journal - where it is kept, and whether it still is this process's
 */
export function folderMemory(journal: Pick<Journal, 'checkOwner' | 'folder'>): RunMemory {
  let known: ReturnType<RunMemory['recall']>
  return {
    recall: () => {
      // Another process that took it may have created the run.
      journal.checkOwner()
      return known
    },
    remember: (remote) => {
      known = remote
      try {
        writeRemote(journal.folder, remote)
      } catch {
        // The process remembers; only a kill on top of a disk that refuses could double the run.
      }
    },
  }
}
