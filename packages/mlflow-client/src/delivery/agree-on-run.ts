import { MlflowError } from '../rest/mlflow-error.ts'
import { logParam } from '../rest/run-data.ts'
import { deleteRun, updateRun } from '../rest/runs.ts'
import type { Transport } from '../rest/transport.ts'
import type { WireRun } from '../rest/wire.ts'
import { findRuns } from './find-run.ts'
import { RUN_TAGS } from './run-tags.ts'

/** Set once: `yes` on the run that all processes continue, `no` on one that lost against it. */
const CLAIM = 'soen.resumable'
/** In each round some process decides something; more rounds than this would mean a server that misbehaves. */
const MAX_ROUNDS = 20

/**
 * The one run that every process with this key continues; undefined when there is none yet.
 *
 * Two jobs may create a run at the same moment, and MLflow cannot make a creation conditional. But a parameter can
 * be set only once, so whoever sets it decides. A process gives up all runs it sees but the oldest before it claims
 * that one; a later process sees every earlier run. So no two runs are ever claimed.
 */
export async function agreeOnRun(
  transport: Transport,
  { experimentId, resumeKey }: { readonly experimentId: string; readonly resumeKey: string },
): Promise<WireRun | undefined> {
  const search = { experimentId, tag: RUN_TAGS.resumeKey, value: resumeKey, view: 'ACTIVE_ONLY' } as const
  for (let round = 1; ; round += 1) {
    const runs = (await findRuns(transport, search)).filter((run) => claimOf(run) !== 'no')
    const claimed = runs.find((run) => claimOf(run) === 'yes')
    const [oldest, ...others] = runs.toSorted(byAge)
    if (claimed !== undefined || oldest === undefined) return claimed
    const isFree = await everyInTurn(others, (other) => claim(transport, other, 'no'))
    if ((isFree && (await claim(transport, oldest, 'yes'))) || round === MAX_ROUNDS) return oldest
  }
}

/** Delete the runs that this process created and that lost: nothing has been logged to them. */
export async function discardLosers(
  transport: Transport,
  { experimentId, clientRunId }: { readonly experimentId: string; readonly clientRunId: string },
  winnerRunId: string,
): Promise<void> {
  const search = { experimentId, tag: RUN_TAGS.clientRunId, value: clientRunId, view: 'ACTIVE_ONLY' } as const
  const own = await findRuns(transport, search)
  for (const { info } of own.filter((run) => run.info.run_id !== winnerRunId)) {
    try {
      await deleteRun(transport, info.run_id)
    } catch (error) {
      if (!(error instanceof MlflowError) || error.retryable) throw error
      // A user who may log need not be allowed to delete; an empty run that has ended does no harm.
      await updateRun(transport, { runId: info.run_id, status: 'KILLED', endTimeMs: Date.now() })
    }
  }
}

/** Decide about a run; false when the opposite was decided before, or the run is gone. */
async function claim(transport: Transport, run: WireRun, value: 'yes' | 'no'): Promise<boolean> {
  try {
    await logParam(transport, { runId: run.info.run_id, key: CLAIM, value })
    return true
  } catch (error) {
    if (error instanceof MlflowError && ['item', 'run'].includes(error.verdict)) return false
    throw error
  }
}

async function everyInTurn<Item>(
  items: readonly Item[],
  holds: (item: Item) => Promise<boolean>,
): Promise<boolean> {
  for (const item of items) if (!(await holds(item))) return false
  return true
}

function claimOf(run: WireRun): string | undefined {
  return run.data.params?.find(({ key }) => key === CLAIM)?.value
}

/** The order in which the jobs began; for the same moment, any order that is the same everywhere. */
function byAge(one: WireRun, other: WireRun): number {
  const [first, second] = [one.info, other.info]
  return Number(first.start_time) - Number(second.start_time) || (first.run_id < second.run_id ? -1 : 1)
}
