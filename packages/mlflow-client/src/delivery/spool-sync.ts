import type { RemoteSettings } from '../settings/settings.ts'
import { knownServer, type KnownServer } from './known-server.ts'
import { findJournals, type FoundJournal } from './list-journals.ts'
import { serverNote } from './server-note.ts'
import { syncJournal, type JournalSyncOptions, type SyncedRun } from './sync-journal.ts'

/** How to sync. */
export interface SyncOptions {
  readonly settings: RemoteSettings
  /** Whether runs for another address belong to this server as well, because it has moved. */
  readonly hasMovedFrom?: ((trackingUri: string) => boolean) | undefined
  /** The settings' folder by default. */
  readonly spoolDir?: string
  /** The time limit for one journal. */
  readonly timeoutMs?: number
  /** Aborting leaves the rest for a later sync. */
  readonly signal?: AbortSignal
  /**
   * Whether the process stays alive meanwhile: true by default. With false, pass a `fetch` that does not keep it
   * alive either.
   */
  readonly keepsAlive?: boolean
  readonly fetch?: typeof globalThis.fetch | undefined
  /** Shared with everything else that goes to the server. */
  readonly server?: KnownServer
}

/** A journal that is stuck leaves three others that can proceed. */
const AT_ONCE = 4

/** A journal whose sync has started. */
interface StartedSync {
  readonly opened: Promise<void>
  readonly recordsSent: Promise<void>
  readonly ended: Promise<readonly SyncedRun[]>
}

/**
 * Delivers the journals of a spool folder, each once, in the order in which the runs began or as they are requested.
 */
export class SpoolSync {
  readonly #options: SyncOptions & { readonly server: KnownServer; readonly spoolDir: string }
  readonly #journals: readonly FoundJournal[]
  /** By folder: a run whose journal was lost to another process has two. */
  readonly #started = new Map<string, StartedSync>()

  constructor(options: SyncOptions) {
    const { settings, spoolDir = settings.spoolDir, server = knownServer(settings) } = options
    this.#options = { ...options, spoolDir, server }
    this.#journals = findJournals(spoolDir)
  }

  /** Deliver all. */
  async all(): Promise<SyncedRun[]> {
    const { signal } = this.#options
    const left = this.#journals.values()
    const work = async (): Promise<void> => {
      for (const journal of left) if (signal?.aborted !== true) await this.#start(journal).ended
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    const started = this.#journals.flatMap(({ folder }) => this.#started.get(folder) ?? [])
    const runs = (await Promise.all(started.map(({ ended }) => ended))).flat()
    const { settings, spoolDir, server } = this.#options
    // The next program need not assume that the server is still away.
    if (started.length > 0 && !server.health.isAway) serverNote({ ...settings, spoolDir }).note(false)
    return runs
  }

  /**
   * Deliver now what earlier processes of a job left; resolves when all of it but files is delivered, or cannot be.
   */
  async recordsOf(resumeKey: string): Promise<void> {
    const own = this.#journals.filter(({ header }) => header.resumeKey === resumeKey)
    await Promise.all(own.map((journal) => this.#start(journal).recordsSent))
  }

  #start(journal: FoundJournal): StartedSync {
    const { folder, header } = journal
    const parent = this.#journals.find(({ header: { clientRunId } }) => clientRunId === header.parentId)
    const known = this.#started.get(folder)
    if (known !== undefined) return known
    const opened = Promise.withResolvers<void>()
    const recordsSent = Promise.withResolvers<void>()
    const started: StartedSync = {
      opened: opened.promise,
      recordsSent: recordsSent.promise,
      ended: this.#deliver(journal, {
        ...this.#options,
        parentOpened: async () => await this.#started.get(parent?.folder ?? '')?.opened,
        onOpened: opened.resolve,
        onRecordsSent: recordsSent.resolve,
      }).finally(() => {
        opened.resolve()
        recordsSent.resolve()
      }),
    }
    this.#started.set(folder, started)
    return started
  }

  /**
   * What a restart skips depends on what its earlier processes logged: they are delivered first, one after the
   * other.
   */
  async #deliver(journal: FoundJournal, options: JournalSyncOptions): Promise<readonly SyncedRun[]> {
    const { resumeKey } = journal.header
    const earlier = this.#journals.slice(0, this.#journals.indexOf(journal))
    const former = earlier.findLast(({ header }) => header.resumeKey === resumeKey)
    if (resumeKey !== undefined && former !== undefined) await this.#start(former).ended
    return await syncJournal(journal, options)
  }
}
