import { setTimeout as sleep } from 'node:timers/promises'
import type { Writable } from 'node:stream'
import { parseFilter, parseLimit } from '../audit/filter.ts'
import type { AuditFilter } from '../audit/filter.ts'
import { findPage } from '../audit/page-of-records.ts'
import type { AuditRecord } from '../audit/record.ts'
import { sentenceOf } from '../audit/sentence.ts'
import { followRecords } from '../audit/search.ts'
import { listHeads } from '../audit/stored-records.ts'
import { visibleText } from '../log/visible-text.ts'
import { openExistingStore } from '../store/open-store.ts'
import type { Store } from '../store/store.ts'
import type { Command } from './command.ts'
import { readOptions, required } from './options.ts'
import { stopSignal } from './stop-signal.ts'

const options = {
  state: { type: 'string' },
  run: { type: 'string' },
  experiment: { type: 'string' },
  user: { type: 'string' },
  action: { type: 'string' },
  denied: { type: 'boolean', default: false },
  since: { type: 'string' },
  until: { type: 'string' },
  limit: { type: 'string' },
  json: { type: 'boolean', default: false },
  follow: { type: 'boolean', default: false },
} as const

const pollMs = 500

/**
 * `audit list --state STATE …`: who did what, the newest first; with --follow also new records as they
 * arrive, one line each.
 */
export const auditList: Command = async (args, { stdout }) => {
  const { values } = readOptions(args, options)
  const now = new Date()
  const filter = parseFilter(values, now)
  parseLimit(values.limit, 1)
  await using store = await openExistingStore(required(values.state, 'state'))
  // Read before the list, so that records that arrive in between are shown by following.
  const heads = values.follow ? await listHeads(store.db) : []
  const { records } = await findPage(store.db, values, now)
  const write = (record: AuditRecord): void => {
    stdout.write(`${visibleText(values.json ? JSON.stringify(record) : sentenceOf(record))}\n`)
  }
  if (values.follow) {
    for (const record of records.toReversed()) write(record)
    await follow(store, filter, { known: new Map(heads.map(({ writer, seq }) => [writer, seq])), write })
  } else if (values.json) stdout.write(`${visibleText(JSON.stringify(records))}\n`)
  else if (records.length === 0) sayNothing(stdout)
  else for (const record of records) write(record)
  return 0
}

function sayNothing(stdout: Writable): void {
  stdout.write('Nothing on record fits this. Writes of a training are there after at most a minute.\n')
}

interface Following {
  /** The number up to which each chain's records were shown. */
  readonly known: Map<string, number>
  readonly write: (record: AuditRecord) => void
}

async function follow({ db }: Store, filter: AuditFilter, { known, write }: Following): Promise<void> {
  const stop = new AbortController()
  void stopSignal().then(() => stop.abort())
  while (!stop.signal.aborted) {
    await sleep(pollMs, undefined, { signal: stop.signal }).catch(() => {})
    for (const { writer, seq } of await listHeads(db)) {
      const shown = known.get(writer) ?? 0
      if (seq <= shown) continue
      for (const record of await followRecords(db, filter, { writer, seq: shown })) {
        if (record.seq <= seq && record.asked !== true) write(record)
      }
      known.set(writer, seq)
    }
  }
}
