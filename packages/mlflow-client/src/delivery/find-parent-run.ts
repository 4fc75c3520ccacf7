import { dirname, join } from 'node:path'
import { ClientError } from '../errors/client-error.ts'
import { readHeader, readRemote, type JournalHeader } from '../journal/header.ts'
import type { Transport } from '../rest/transport.ts'
import { findRun } from './find-run.ts'
import { RUN_TAGS } from './run-tags.ts'

/**
 * The server's id of the parent of a left journal's run.
 *
 * @returns undefined when it has none, or one that exists neither here nor on the server: a child without its parent
 * is better than no child
 * @throws ClientError while the parent's own journal has not reached the server
 */
export async function findParentRun(
  transport: Transport,
  folder: string,
  header: JournalHeader,
  experimentId: string,
): Promise<string | undefined> {
  const { parentId, name } = header
  if (parentId === undefined) return undefined
  const parentFolder = join(dirname(folder), parentId)
  const known = readRemote(parentFolder)
  if (known !== undefined && 'runId' in known) return known.runId
  for (const tag of [RUN_TAGS.clientRunId, RUN_TAGS.process]) {
    const run = await findRun(transport, { experimentId, tag, value: parentId })
    if (run !== undefined) return run.info.run_id
  }
  if (readHeader(parentFolder) === undefined) return undefined
  throw new ClientError({
    code: 'SOEN_RUN_UNAVAILABLE',
    message: `The run "${name}" belongs to one that is not on the server yet.`,
    hint: 'Deliver that one first; the next sync brings both.',
  })
}
