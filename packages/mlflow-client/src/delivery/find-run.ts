import { searchRuns } from '../rest/runs.ts'
import type { Transport } from '../rest/transport.ts'
import type { WireRun } from '../rest/wire.ts'

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
