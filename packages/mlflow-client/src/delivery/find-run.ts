import { searchRuns } from '../rest/runs.ts'
import type { Transport } from '../rest/transport.ts'
import type { WireRun } from '../rest/wire.ts'

/** The tags by which runs are found again. */
export const RUN_TAGS = {
  /** The client's own id of the run: of the process that created it. */
  clientRunId: 'soen.client_run_id',
  /** What a restarted job finds its run by. */
  resumeKey: 'soen.resume_key',
  /** The client's id of the process that goes on in the run, when it was restarted. */
  process: 'soen.process',
  restarts: 'soen.restarts',
} as const

/** The latest run of an experiment with a tag; nothing if there is none. */
export async function findRun(
  transport: Transport,
  search: {
    readonly experimentId: string
    readonly tag: string
    readonly value: string
    /** Deleted ones too: a creation that was answered to nobody may have been deleted since. */
    readonly view?: 'ALL' | 'ACTIVE_ONLY'
  },
): Promise<WireRun | undefined> {
  const { experimentId, tag, value, view = 'ALL' } = search
  const runs = searchRuns(transport, {
    experimentIds: [experimentId],
    filter: `tags.\`${tag}\` = '${value}'`,
    view,
    pageSize: 2,
    orderBy: ['attributes.start_time DESC'],
  })
  for await (const run of runs) return run
  return undefined
}

/** A tag of a run. */
export function tagOf(run: WireRun, key: string): string | undefined {
  return run.data.tags?.find((tag) => tag.key === key)?.value
}
