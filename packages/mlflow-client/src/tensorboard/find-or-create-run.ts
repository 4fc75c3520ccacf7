import { ensureExperiment } from '../rest/ensure-experiment.ts'
import { createRun, searchRuns } from '../rest/runs.ts'
import type { Transport } from '../rest/transport.ts'
import type { Persist } from './persist.ts'

/** The tag by which the run of a log folder is found again. */
const SOURCE_TAG = 'soen.tensorboard_source'

/** The run that a log folder becomes. */
export interface SourceRun {
  readonly experiment: string
  /** Identifies the folder, wherever it is. */
  readonly source: string
  readonly name: string
  readonly startTimeMs: number
  readonly userId: string | undefined
  readonly tags: Readonly<Record<string, string>>
}

/** The run on the server. */
export interface FoundRun {
  readonly experimentId: string
  readonly runId: string
}

/** The run that an earlier import created, or a new one. */
export async function findOrCreateRun(
  transport: Transport,
  run: SourceRun,
  persist: Persist,
): Promise<FoundRun> {
  const experimentId = await persist(() => ensureExperiment(transport, run.experiment))
  // Searched before each attempt, too: the response to an earlier one may have been lost.
  const runId = await persist(
    async () =>
      (await findRun(transport, experimentId, run.source)) ?? (await create(transport, experimentId, run)),
  )
  return { experimentId, runId }
}

async function findRun(
  transport: Transport,
  experimentId: string,
  source: string,
): Promise<string | undefined> {
  const filter = `tags.\`${SOURCE_TAG}\` = '${source}'`
  for await (const { info } of searchRuns(transport, { experimentIds: [experimentId], filter })) {
    return info.run_id
  }
  return undefined
}

async function create(transport: Transport, experimentId: string, run: SourceRun): Promise<string> {
  const { name, startTimeMs, userId, source } = run
  const tags = Object.entries({ ...run.tags, 'mlflow.runName': name, [SOURCE_TAG]: source })
  const { info } = await createRun(transport, {
    experimentId,
    name,
    startTimeMs,
    userId,
    tags: tags.map(([key, value]) => ({ key, value })),
  })
  return info.run_id
}
