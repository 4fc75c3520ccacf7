import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { Tally, type JournalHeader, type KnownServer, type OutboxParts } from '@soen/mlflow-client/delivery'
import type { RequestOf, WireRun } from '@soen/mlflow-client/rest'
import type { RemoteSettings } from '@soen/mlflow-client/settings'
import type { OtherIds } from './other-ids.ts'
import { RelayedRun } from './relayed-run.ts'

/** How long a program waits for its new run to be created on the server, so that both use the same id. */
const CREATE_WAIT_MS = 5_000

/** What is known of a run to create. */
export interface NewRelayedRun {
  readonly request: RequestOf<'POST runs/create'>
  /** Set when the experiment could not be looked up on the server. */
  readonly experimentName: string | undefined
  /** Whether the server is away, so that it is not waited for. */
  readonly isAway: boolean
}

/** What the job's run gets, beside what the program says of it. */
export interface JobRun {
  readonly name?: string | undefined
  readonly tags: Readonly<Record<string, string>>
}

/** What all relayed runs share. */
export interface RelayedRunsParts {
  readonly settings: RemoteSettings
  readonly server: KnownServer
  readonly ids: OtherIds
  readonly job?: JobRun | undefined
  readonly outbox: Omit<OutboxParts, 'header' | 'folder' | 'tally' | 'retry' | 'server'>
}

/** The runs that come through one relay. */
export class RelayedRuns {
  readonly tally: Tally = new Tally()
  readonly #parts: RelayedRunsParts
  readonly #runs = new Map<string, RelayedRun>()
  #ofJob: RelayedRun | undefined

  constructor(parts: RelayedRunsParts) {
    this.#parts = parts
  }

  get all(): readonly RelayedRun[] {
    return [...new Set(this.#runs.values())]
  }

  /** The job's run: the first that has no parent. */
  get ofJob(): RelayedRun | undefined {
    return this.#ofJob
  }

  /** A run that came through here, by either of its ids. */
  find(id: string): RelayedRun | undefined {
    return this.#runs.get(id)
  }

  /** Create a run; it is in its journal when this resolves, and on the server if that responds soon. */
  async create({ request, experimentName, isAway }: NewRelayedRun): Promise<RelayedRun> {
    const { settings } = this.#parts
    const clientRunId = randomUUID()
    const offlineId = clientRunId.replaceAll('-', '')
    const tags = Object.fromEntries((request.tags ?? []).map(({ key, value }) => [key, value]))
    const { 'mlflow.parentRunId': parentId, ...others } = tags
    const parent = parentId === undefined ? undefined : this.find(parentId)
    const job = parentId === undefined && this.#ofJob === undefined ? this.#parts.job : undefined
    const name = job?.name || request.run_name || others['mlflow.runName'] || `run-${offlineId.slice(0, 8)}`
    const experimentId = request.experiment_id ?? '0'
    const header: JournalHeader = {
      version: 1,
      clientRunId,
      trackingUri: settings.trackingUri,
      experiment: experimentName ?? '',
      ...(experimentName === undefined && { experimentId }),
      name,
      startTimeMs: request.start_time ?? Date.now(),
      userId: request.user_id,
      tags: {
        ...identityTags(settings),
        ...job?.tags,
        ...others,
        'mlflow.runName': name,
        // The run of another program is known by the server's id only.
        ...(parent === undefined && parentId !== undefined && { 'mlflow.parentRunId': parentId }),
      },
      parentId: parent?.header.clientRunId,
    }
    const run = new RelayedRun({
      header,
      folder: join(settings.spoolDir, clientRunId),
      beginning: {
        runId: offlineId,
        experimentId,
        name,
        startTimeMs: header.startTimeMs,
        userId: header.userId,
        artifactUri: `mlflow-artifacts:/${experimentId}/${offlineId}/artifacts`,
        tags: Object.entries({ ...job?.tags, ...tags }).map(([key, value]) => ({ key, value })),
      },
      outbox: this.#outboxOf(async () => (await parent?.opened)?.runId),
    })
    this.#runs.set(offlineId, run)
    if (parentId === undefined) this.#ofJob ??= run
    const remote = isAway ? undefined : await within(CREATE_WAIT_MS, run.opened)
    if (remote !== undefined) run.view.adopt(remote)
    void this.#learn(run, { runId: offlineId, experimentId })
    return run
  }

  /** Continue a run that the relay did not create. */
  join(id: string, known: WireRun | undefined): RelayedRun {
    const { settings } = this.#parts
    const clientRunId = randomUUID()
    const info = known?.info
    const header: JournalHeader = {
      version: 1,
      clientRunId,
      trackingUri: settings.trackingUri,
      experiment: '',
      experimentId: info?.experiment_id,
      name: info?.run_name ?? id,
      startTimeMs: Number(info?.start_time ?? Date.now()),
      tags: {},
      joins: id,
    }
    const run = new RelayedRun({
      header,
      folder: join(settings.spoolDir, clientRunId),
      beginning: {
        runId: id,
        experimentId: info?.experiment_id ?? '0',
        name: header.name,
        startTimeMs: header.startTimeMs,
        userId: info?.user_id,
        artifactUri: info?.artifact_uri ?? `mlflow-artifacts:/0/${id}/artifacts`,
        tags: [],
      },
      isLive: false,
      outbox: this.#outboxOf(async () => undefined),
    })
    if (info !== undefined) run.view.status = info.status
    if (info?.end_time !== undefined) run.view.endTimeMs = Number(info.end_time)
    for (const param of known?.data.params ?? []) run.view.setParam(param)
    this.#runs.set(id, run)
    return run
  }

  /** Deliver what is there, for at most `timeoutMs`. */
  async flush(timeoutMs: number): Promise<void> {
    await Promise.all(this.all.map((run) => run.flush(timeoutMs)))
  }

  /** Once the run is on the server, the server's id is known, too. */
  async #learn(
    run: RelayedRun,
    own: { readonly runId: string; readonly experimentId: string },
  ): Promise<void> {
    const { runId, experimentId } = await run.opened
    this.#runs.set(runId, run)
    if (run.id === runId) return
    this.#parts.ids.add(own.runId, runId)
    this.#parts.ids.add(own.experimentId, experimentId)
  }

  #outboxOf(parentRunId: () => Promise<string | undefined>): Omit<OutboxParts, 'header' | 'folder'> {
    const { settings, server, outbox } = this.#parts
    return { ...outbox, retry: settings.retry, server, tally: this.tally, open: { parentRunId } }
  }
}

/** The tags for whose work it is, as the training's own client would set them. */
function identityTags({ identity }: RemoteSettings): Record<string, string> {
  const { project, member, repeat, seed } = identity
  const tags = Object.entries({ project, member, repeat, seed })
  return Object.fromEntries(
    tags.flatMap(([key, value]) => (value === undefined ? [] : [[`soen.${key}`, String(value)]])),
  )
}

async function within<Result>(ms: number, work: Promise<Result>): Promise<Result | undefined> {
  const late = new AbortController()
  const timeout = new Promise<undefined>((resolve) => {
    const timer = setTimeout(() => resolve(undefined), ms)
    late.signal.addEventListener('abort', () => clearTimeout(timer))
  })
  try {
    return await Promise.race([work, timeout])
  } finally {
    late.abort()
  }
}
