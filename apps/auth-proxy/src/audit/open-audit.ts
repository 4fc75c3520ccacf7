import { listHeads } from './stored-records.ts'
import type { Store } from '../store/store.ts'
import { AuditLog } from './audit-log.ts'
import type { AuditLogOptions } from './audit-log.ts'
import { catchUp } from './catch-up.ts'
import { Chain, newWriter } from './chain.ts'
import { fileSink, prepareFolder } from './file-sink.ts'
import { folderId, listFiles, readEnd } from './folder.ts'
import { RetentionClock } from './retention-clock.ts'
import type { RetentionClockOptions } from './retention-clock.ts'
import { tableSink } from './table-sink.ts'

/** How a front door keeps its audit records. */
export interface OpenAuditOptions
  extends
    Omit<AuditLogOptions, 'chain' | 'sinks' | 'heads' | 'after' | 'retentionClock'>,
    RetentionClockOptions {
  /** The folder of the files; without it records go to the table alone. */
  readonly folder?: string | undefined
  /** A file that reaches this size is followed by another. */
  readonly maxFileBytes?: number
}

/** How many other chains the first record of a new chain vouches for. */
const headsKept = 20

/** Starts the chain of this run of a front door, over the store's table and, if given, a folder. */
export async function openAudit(store: Pick<Store, 'db'>, options: OpenAuditOptions): Promise<AuditLog> {
  const { folder, maxFileBytes, uptimeMs, ...rest } = options
  const writer = newWriter()
  if (folder !== undefined) {
    await prepareFolder(folder)
    await catchUp(store.db, folder)
  }
  const heads = (await listHeads(store.db)).slice(0, headsKept)
  const table = tableSink(store, folder === undefined ? null : folderId(folder))
  const now = rest.now === undefined ? {} : { now: rest.now }
  const retentionClock = await RetentionClock.open(store.db, heads[0]?.time, {
    ...now,
    ...(uptimeMs === undefined ? {} : { uptimeMs }),
  })
  const shared = {
    ...rest,
    chain: new Chain(writer),
    retentionClock,
    heads: heads.map((head) => ({
      writer: head.writer,
      seq: head.seq,
      hash: head.hash,
    })),
  }
  if (folder === undefined) return new AuditLog({ ...shared, sinks: [table] })
  const last = (await listFiles(folder)).at(-1)
  const after = last && (await readEnd(folder, last.name))
  const size = maxFileBytes === undefined ? {} : { maxBytes: maxFileBytes }
  const file = fileSink({ folder, writer, ...size, ...now })
  return new AuditLog({ ...shared, after, sinks: [file, table] })
}
