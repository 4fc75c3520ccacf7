import { removeEmptyFolder, removeJournalFolder } from '../journal/folder.ts'
import { readHeader } from '../journal/header.ts'
import { isMissing } from '../node/missing.ts'
import { releaseLock, RENEW_MS, renewLock, takeLock } from '../node/lock.ts'

/** A left journal that is this process's to deliver. */
export interface Claim {
  /** Give it back. */
  release(): void
  /** Remove it: all has been delivered. What another process has taken meanwhile stays. */
  remove(): void
}

/**
 * Take a left journal.
 *
 * Several programs may sync one spool folder at once, on several hosts, too: what one of them has looked at may be
 * another one's, or delivered, a moment later.
 *
 * @param onLost - called when another process has taken it all the same
 * @returns `busy` when a program works on it, `gone` when one has delivered it
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
