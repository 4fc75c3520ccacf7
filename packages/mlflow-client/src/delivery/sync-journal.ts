import { statSync } from 'node:fs'
import { join } from 'node:path'
import { ClientError } from '../errors/client-error.ts'
import { writeCursor } from '../journal/cursor.ts'
import { readCursor } from '../journal/read-cursor.ts'
import { listSegments, segmentPath } from '../journal/folder.ts'
import { readRemote, writeRemote, type JournalHeader, type RemoteRun } from '../journal/header.ts'
import type { JournalChunk } from '../journal/journal.ts'
import { readChunk } from '../journal/read-chunk.ts'
import { itemsIn } from '../journal/records.ts'
import { isLocked } from '../node/lock.ts'
import { isMissing } from '../node/missing.ts'
import { getRun, updateRun } from '../rest/runs.ts'
import type { Transport } from '../rest/transport.ts'
import { settleMs } from '../settings/retry-policy.ts'
import type { RemoteSettings } from '../settings/settings.ts'
import { discardTwins } from './discard-twins.ts'
import { claimJournal } from './claim-journal.ts'
import { deliveryTransport } from './delivery-transport.ts'
import { createLazyFetch } from './lazy-fetch.ts'
import { findParentRun } from './find-parent-run.ts'
import type { FoundJournal } from './list-journals.ts'
import { forgetForeignRun } from './moved-server.ts'
import type { RunMemory } from './open-run.ts'
import type { KnownServer } from './known-server.ts'
import { Patience } from './patience.ts'
import { Tally, type Receipt } from './receipt.ts'
import type { RecordSource } from './record-source.ts'
import { mayEnd } from './resume-run.ts'
import { Sender } from './sender.ts'

/** The result for one journal. */
export interface SyncedRun {
  readonly clientRunId: string
  readonly name: string
  readonly experiment: string
  /** The address its program logged to. */
  readonly trackingUri: string
  /**
   * - `delivered`: all acknowledged, the journal is removed
   * - `left`: not all could be delivered, the journal stays
   * - `busy`: a program works on it, or may do so on another host
   * - `elsewhere`: it belongs to another server
   */
  readonly outcome: 'delivered' | 'left' | 'busy' | 'elsewhere'
  readonly runId?: string
  readonly receipt?: Receipt
}

/** How to sync one journal. */
export interface JournalSyncOptions {
  readonly settings: RemoteSettings
  readonly hasMovedFrom?: ((trackingUri: string) => boolean) | undefined
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly keepsAlive?: boolean | undefined
  readonly fetch?: typeof globalThis.fetch | undefined
  /** Shared with the other runs that go to the same server. */
  readonly server: KnownServer
  /** Resolves when the parent run has been found or created, as far as this sync does it. */
  readonly parentOpened?: (() => Promise<void>) | undefined
  /** Called when the run is on the server. */
  readonly onOpened?: (() => void) | undefined
  /** Called when metrics, parameters and tags have been sent; files may take longer. */
  readonly onRecordsSent?: (() => void) | undefined
}

/** Deliver what one program left in its journal; undefined when another process has delivered it meanwhile. */
export async function syncJournal(
  { folder, header }: FoundJournal,
  options: JournalSyncOptions,
): Promise<readonly SyncedRun[]> {
  const { settings, timeoutMs = 300_000, signal, keepsAlive = true, server } = options
  // Parts of large files use it as well, directly to the object store.
  const { fetch = createLazyFetch({ trackingUri: settings.trackingUri, keepsAlive: true }) } = options
  const { clientRunId, name, experiment, trackingUri } = header
  const about = { clientRunId, name, experiment, trackingUri }
  const hasMoved = trackingUri !== settings.trackingUri
  if (hasMoved && options.hasMovedFrom?.(trackingUri) !== true)
    return [{ ...about, outcome: isLocked(folder) ? 'busy' : 'elsewhere' }]
  const { retry } = settings
  const tally = new Tally()
  const patience = new Patience(retry, {
    health: server.health,
    onState: (_, error) => error && tally.warn(error),
  })
  const claim = claimJournal(folder, () => patience.stop())
  if (claim === 'busy') return [{ ...about, outcome: 'busy' }]
  if (claim === 'gone') return []

  const transport = server.limit(deliveryTransport(settings, { fetch }))
  const source = new LeftJournal(folder, tally)
  const memory: RunMemory = {
    recall: () => readRemote(folder),
    remember: (remote) => {
      writeRemote(folder, remote)
      if ('runId' in remote) options.onOpened?.()
    },
  }
  const timer = setTimeout(() => patience.stop(), timeoutMs)
  if (!keepsAlive) timer.unref()
  const stop = (): void => patience.stop()
  signal?.addEventListener('abort', stop)
  const sender = new Sender({
    source,
    header,
    memory,
    transport,
    patience,
    tally,
    timeoutMs: retry.timeoutMs,
    fetch,
    hasLeftFiles: true,
    ...(options.onRecordsSent && { onRecordsSent: options.onRecordsSent }),
    open: {
      diedAtMs: lastWriteMs(folder),
      experimentId: server.experimentId,
      forget: server.forget,
      settleMs: settleMs(retry),
      parentRunId: async (experimentId) => {
        await options.parentOpened?.()
        return await findParentRun(transport, folder, header, experimentId)
      },
    },
    onWarn: (warning) => tally.warn(warning),
  })
  let isDelivered = false
  try {
    if (hasMoved) await patience.persist(() => forgetForeignRun(transport, folder))
    await sender.drain(timeoutMs, { keepsAlive })
    const { remote } = sender
    if (remote !== undefined && patience.state === 'online' && source.isAtEnd()) {
      await patience.persist(() => closeKilledRun(transport, header, remote, lastWriteMs(folder)))
      isDelivered = sender.hasNoFiles
      if (isDelivered) claim.remove()
    }
  } catch (error) {
    // This run stays for the next sync; the others continue.
    if (error instanceof ClientError) tally.warn(error)
    else if (!patience.signal.aborted && !isMissing(error)) throw error
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
    patience.stop()
    claim.release()
  }
  const runId = sender.remote?.runId
  return [
    {
      ...about,
      outcome: isDelivered ? 'delivered' : 'left',
      receipt: tally.receipt(),
      ...(runId === undefined ? {} : { runId }),
    },
  ]
}

/** A journal that nobody writes to any more. */
class LeftJournal implements RecordSource {
  readonly folder: string
  readonly #tally: Tally
  #position: ReturnType<typeof readCursor>

  constructor(folder: string, tally: Tally) {
    this.folder = folder
    this.#tally = tally
    this.#position = readCursor(folder)
  }

  read(after?: JournalChunk): JournalChunk | undefined {
    const chunk = readChunk(this.folder, after?.next ?? this.#position)
    for (const record of chunk?.records ?? []) this.#tally.accepted += itemsIn(record)
    return chunk
  }

  acknowledge(chunk: Parameters<RecordSource['acknowledge']>[0]): void {
    this.#position = chunk.next
    writeCursor(this.folder, chunk.next)
  }

  isAtEnd(): boolean {
    return readChunk(this.folder, this.#position) === undefined
  }
}

/** A journal without an end belongs to a killed program, whose run would stay RUNNING for ever. */
async function closeKilledRun(
  transport: Transport,
  header: JournalHeader,
  remote: RemoteRun,
  endTimeMs: number,
): Promise<void> {
  await discardTwins(transport, remote, header)
  const { runId } = remote
  const run = await getRun(transport, runId)
  if (run.info.status === 'RUNNING' && (await mayEnd(transport, runId, header)))
    await updateRun(transport, { runId, status: 'KILLED', endTimeMs })
}

/** When the program last wrote: the best guess at when it died. */
function lastWriteMs(folder: string): number {
  const last = listSegments(folder).at(-1)
  const path = last === undefined ? join(folder, 'run.json') : segmentPath(folder, last)
  return Math.round(statSync(path).mtimeMs)
}
