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

/** What to find runs by. */
export interface TagSearch {
  readonly experimentId: string
  readonly tag: string
  readonly value: string
  /** Deleted ones too: a creation that was answered to nobody may have been deleted since. */
  readonly view?: 'ALL' | 'ACTIVE_ONLY'
}

/** The runs of an experiment with a tag, the latest first. */
export async function findRuns(transport: Transport, search: TagSearch): Promise<WireRun[]> {
  return await Array.fromAsync(runsWith(transport, search, 1000))
}

/** The latest run of an experiment with a tag; nothing if there is none. */
export async function findRun(transport: Transport, search: TagSearch): Promise<WireRun | undefined> {
  for await (const run of runsWith(transport, search, 2)) return run
  return undefined
}

function runsWith(
  transport: Transport,
  { experimentId, tag, value, view = 'ALL' }: TagSearch,
  pageSize: number,
): AsyncIterable<WireRun> {
  return searchRuns(transport, {
    experimentIds: [experimentId],
    filter: `tags.\`${tag}\` = '${value}'`,
    view,
    pageSize,
    orderBy: ['attributes.start_time DESC'],
  })
}

/** A tag of a run. */
export function tagOf(run: WireRun, key: string): string | undefined {
  return run.data.tags?.find((tag) => tag.key === key)?.value
}
