import { searchRuns } from '../rest/runs.ts'
import type { Transport } from '../rest/transport.ts'
import type { WireRun } from '../rest/wire.ts'

/** The criteria for finding runs. */
export interface TagSearch {
  readonly experimentId: string
  readonly tag: string
  readonly value: string
  /** Include deleted ones: a run whose create request was not answered may have been deleted since. */
  readonly view?: 'ALL' | 'ACTIVE_ONLY'
}

/** The runs of an experiment with a tag, the latest first. */
export async function findRuns(transport: Transport, search: TagSearch): Promise<WireRun[]> {
  return await Array.fromAsync(runsWith(transport, search, 1000))
}

/** The latest run of an experiment with a tag; undefined if there is none. */
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
