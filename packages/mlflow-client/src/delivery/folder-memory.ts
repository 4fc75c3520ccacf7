import { writeRemote } from '../journal/header.ts'
import type { Journal } from '../journal/journal.ts'
import type { RunMemory } from './open-run.ts'

/**
 * The memory of a live run: empty at first, and written to the journal's folder as it learns.
 *
 * @param journal - the folder, and the check that this process still owns it
 */
export function folderMemory(journal: Pick<Journal, 'checkOwner' | 'folder'>): RunMemory {
  let known: ReturnType<RunMemory['recall']>
  return {
    recall: () => {
      // Another process that took the journal may have created the run.
      journal.checkOwner()
      return known
    },
    remember: (remote) => {
      known = remote
      try {
        writeRemote(journal.folder, remote)
      } catch {
        // The process remembers; only a kill, on top of a disk that refuses, could duplicate the run.
      }
    },
  }
}
