import { removeEmptyFolder, removeJournalFolder } from '../journal/folder.ts'
import { readHeader } from '../journal/header.ts'
import { isMissing } from '../node/missing.ts'
import { releaseLock, RENEW_MS, renewLock, takeLock } from '../node/lock.ts'

/** A left journal that this process has claimed for delivery. */
export interface Claim {
  /** Release it. */
  release(): void
  /** Delete it after everything has been delivered. A journal that another process took meanwhile stays. */
  remove(): void
}

/**
 * Claim a left journal.
 *
 * Several programs may sync one spool folder at once, even from several hosts: a journal that one has listed may be
 * claimed or delivered by another a moment later.
 *
 * @param onLost - called when another process took it nevertheless
 * @returns `busy` when another program is working on it, `gone` when one has delivered it
 */
export function claimJournal(folder: string, onLost: () => void): Claim | 'busy' | 'gone' {
  try {
    if (!takeLock(folder)) return 'busy'
  } catch (error) {
    if (isMissing(error)) return 'gone'
    throw error
  }
  const timer = setInterval(() => {
    if (!renewLock(folder)) onLost()
  }, RENEW_MS).unref()
  const claim: Claim = {
    release: () => {
      clearInterval(timer)
      releaseLock(folder)
    },
    remove: () => {
      if (renewLock(folder)) removeJournalFolder(folder)
    },
  }
  if (readHeader(folder) !== undefined) return claim
  claim.release()
  removeEmptyFolder(folder)
  return 'gone'
}
