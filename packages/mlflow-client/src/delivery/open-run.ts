import type { JournalHeader, RemoteAttempt, RemoteRun } from '../journal/header.ts'
import { ensureExperiment } from '../rest/ensure-experiment.ts'
import { MlflowError } from '../rest/mlflow-error.ts'
import { setRunTag } from '../rest/run-data.ts'
import { createRun, getRun, updateRun } from '../rest/runs.ts'
import type { Transport } from '../rest/transport.ts'
import type { WireRun } from '../rest/wire.ts'
import { isCreator, isLaterProcess, resumeRun, seenLate } from './resume-run.ts'
import { RUN_TAGS, tagOf } from './run-tags.ts'

/** What earlier attempts found out, and where to store more. */
export interface RunMemory {
  recall(): RemoteRun | RemoteAttempt | undefined
  remember(remote: RemoteRun | RemoteAttempt): void
}

/** How a run is opened. */
export interface OpenOptions {
  /**
   * When the program that wrote this journal died, in ms since 1970; undefined while it lives. The journal of a dead
   * program does not take over a run that a later process continues.
   */
  readonly diedAtMs?: number
  /** Resolves when what an earlier process of the job left has been delivered; it then counts as seen. */
  readonly beforeResuming?: (resumeKey: string) => Promise<void>
  /** The server's id of the parent run. */
  readonly parentRunId?: (experimentId: string) => Promise<string | undefined>
  /** The id of an experiment, from a cache or else from the server, through `ask`. */
  readonly experimentId?: (name: string, ask: () => Promise<string>) => Promise<string>
  /** Clears that cache. */
  readonly forget?: () => void
  /** How long to look for a run whose create request was not answered, in ms. */
  readonly settleMs?: number
}

/** Find or create the run on the server. `persist` retries a step until it succeeds. */
export async function openRun(
  transport: Transport,
  header: JournalHeader,
  memory: RunMemory,
  persist: <Result>(step: () => Promise<Result>) => Promise<Result>,
  options: OpenOptions = {},
): Promise<RemoteRun> {
  const known = memory.recall()
  if (known !== undefined && 'runId' in known) {
    const { diedAtMs } = options
    if (diedAtMs === undefined || header.resumeKey === undefined) return known
    return await persist(() => recallLate(transport, known, header, memory, diedAtMs))
  }
  const { joins } = header
  if (joins !== undefined)
    return await persist(() => joinRun(transport, { ...header, joins }, memory, options))
  const ask = async (): Promise<string> => await ensureExperiment(transport, header.experiment)
  const experimentIdOf = options.experimentId ?? (async () => await ask())
  const experimentId = header.experimentId ?? (await persist(() => experimentIdOf(header.experiment, ask)))
  const parentRunId = await persist(async () => await options.parentRunId?.(experimentId))
  const place = { experimentId, parentRunId }
  const { resumeKey } = header
  if (resumeKey !== undefined) await options.beforeResuming?.(resumeKey)
  return await persist(() =>
    resumeKey === undefined
      ? findOrCreate(transport, place, header, memory, options)
      : resumeOrCreate(transport, place, { ...header, resumeKey }, memory, options),
  )
}

/** The run of a process that has ended, which other processes of its job may have logged to meanwhile. */
async function recallLate(
  transport: Transport,
  known: RemoteRun,
  header: JournalHeader,
  memory: RunMemory,
  diedAtMs: number,
): Promise<RemoteRun> {
  const run = await getRun(transport, known.runId)
  const late = { ...known, ...seenLate(run, header, { before: known.seen, diedAtMs }) }
  memory.remember(late)
  return late
}

/** Write to a run that somebody else created, for instance the program that started this one. */
async function joinRun(
  transport: Transport,
  { joins: runId, names }: JournalHeader & { readonly joins: string },
  memory: RunMemory,
  { diedAtMs }: OpenOptions,
): Promise<RemoteRun> {
  const run = await getRun(transport, runId)
  const isNoted = names === undefined || tagOf(run, RUN_TAGS.shared) !== undefined
  if (!isNoted) await noteShared(transport, runId)
  if (diedAtMs === undefined && run.info.status !== 'RUNNING')
    await updateRun(transport, { runId, status: 'RUNNING' })
  return remember(run, memory)
}

/**
 * Processes that join a run at the same moment set the tag at once, which MLflow's database answers with an error.
 */
async function noteShared(transport: Transport, runId: string): Promise<void> {
  try {
    await setRunTag(transport, { runId, key: RUN_TAGS.shared, value: 'true' })
  } catch (error) {
    const isNoted = tagOf(await getRun(transport, runId), RUN_TAGS.shared) !== undefined
    if (!isNoted) throw error
  }
}

interface Place {
  readonly experimentId: string
  readonly parentRunId: string | undefined
}

async function findOrCreate(
  transport: Transport,
  place: Place,
  header: JournalHeader,
  memory: RunMemory,
  options: OpenOptions,
): Promise<RemoteRun> {
  const { experimentId } = place
  const { clientRunId } = header
  const known = memory.recall()
  if (known === undefined) return remember(await create(transport, place, header, memory), memory)
  // MLflow has no idempotency key for creation: the response may be lost after the run was created.
  const { findRun } = await import('./find-run.ts')
  const created = await findRun(transport, { experimentId, tag: RUN_TAGS.clientRunId, value: clientRunId })
  if (created !== undefined) return remember(created, memory)
  refuseWhileUnsettled(known, options)
  return remember(await create(transport, place, header, memory), memory, { mayHaveTwin: true })
}

/** A create request that was sent a moment ago may still succeed. */
function refuseWhileUnsettled(known: RemoteRun | RemoteAttempt, { settleMs = 5000 }: OpenOptions): void {
  const sinceMs = 'atMs' in known ? Date.now() - (known.atMs ?? 0) : Infinity
  // After the clock was set back, this is not waited for.
  if (sinceMs < 0 || sinceMs >= settleMs) return
  throw new MlflowError({
    code: 'SOEN_SERVER_UNREACHABLE',
    message: 'The creation of the run was not answered, and the run is not there yet.',
    hint: 'It is looked for again, and created again if it does not appear.',
    status: 0,
  })
}

/**
 * The run of a resume key: one that an earlier process began, or one of two that are being created at the same
 * moment.
 */
async function resumeOrCreate(
  transport: Transport,
  place: Place,
  header: JournalHeader & { readonly resumeKey: string },
  memory: RunMemory,
  options: OpenOptions,
): Promise<RemoteRun> {
  // Loaded only for resumed runs.
  const { agreeOnRun, discardLosers } = await import('./agree-on-run.ts')
  const { diedAtMs } = options
  const about = { ...header, ...place }
  const known = memory.recall()
  let run = await agreeOnRun(transport, about)
  if (run === undefined) {
    if (known !== undefined) refuseWhileUnsettled(known, options)
    const created = await create(transport, place, header, memory)
    // Undefined again means that somebody has just deleted it.
    run = (await agreeOnRun(transport, about)) ?? created
  }
  const late = diedAtMs === undefined ? {} : seenLate(run, header, { diedAtMs })
  if (isCreator(run, header))
    return remember(run, memory, { ...late, ...(known !== undefined && { mayHaveTwin: true }) })
  if (memory.recall() !== undefined) await discardLosers(transport, about, run.info.run_id)
  const isRestart = diedAtMs === undefined || isLaterProcess(run, header)
  return remember(run, memory, isRestart ? await resumeRun(transport, run, header) : late)
}

function remember(
  run: WireRun,
  memory: RunMemory,
  more: Pick<RemoteRun, 'mayHaveTwin' | 'seen'> = {},
): RemoteRun {
  const { experiment_id: experimentId, run_id: runId, artifact_uri: artifactUri = '' } = run.info
  const remote = { experimentId, runId, artifactUri, ...more }
  memory.remember(remote)
  return remote
}

async function create(
  transport: Transport,
  { experimentId, parentRunId }: Place,
  header: JournalHeader,
  memory: RunMemory,
): Promise<WireRun> {
  memory.remember({ attempted: true, atMs: Date.now() })
  const { clientRunId, resumeKey } = header
  const tags: Record<string, string> = {
    ...header.tags,
    [RUN_TAGS.clientRunId]: clientRunId,
    ...(resumeKey !== undefined && { [RUN_TAGS.resumeKey]: resumeKey, [RUN_TAGS.process]: clientRunId }),
    ...(parentRunId !== undefined && { 'mlflow.parentRunId': parentRunId }),
  }
  return await createRun(transport, {
    experimentId,
    name: header.name,
    startTimeMs: header.startTimeMs,
    userId: header.userId,
    tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
  })
}
