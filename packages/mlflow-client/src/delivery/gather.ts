import { setImmediate } from 'node:timers/promises'
import type { JournalChunk } from '../journal/journal.ts'
import type { RecordSource } from './record-source.ts'

/** Enough that the last request, which is seldom full, is one of many. */
const MAX_CHUNKS = 5

/** Read several chunks as one, yielding to the event loop between them; undefined when there are none. */
export async function gather(source: Pick<RecordSource, 'read'>): Promise<JournalChunk | undefined> {
  const first = source.read()
  let whole = first
  for (let count = 1; count < MAX_CHUNKS && whole !== undefined; count += 1) {
    await setImmediate()
    const more = source.read(whole)
    // Later segments may be rewritten meanwhile, to take less space.
    if (more === undefined || more.next.segment !== first?.next.segment) break
    whole = {
      records: [...whole.records, ...more.records],
      corrupt: whole.corrupt + more.corrupt,
      next: more.next,
    }
  }
  return whole
}
