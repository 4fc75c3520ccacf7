import { readRemote, writeRemote, type JournalHeader } from '../journal/header.ts'
import { MlflowError } from '../rest/mlflow-error.ts'
import { getRun } from '../rest/runs.ts'
import type { Transport } from '../rest/transport.ts'
import type { WireRun } from '../rest/wire.ts'
import type { RemoteSettings } from '../settings/settings.ts'
import { deliveryTransport } from './delivery-transport.ts'
import { findJournals } from './list-journals.ts'
import { RUN_TAGS, tagOf } from './run-tags.ts'

/** Where to look for runs of a server that may have moved. */
export interface MovedOptions {
  readonly settings: RemoteSettings
  /** The settings' folder by default. */
  readonly spoolDir?: string
  readonly fetch?: typeof globalThis.fetch | undefined
}

/**
 * Other addresses whose runs the settings' server knows: it is the same server, which has moved.
 *
 * @throws MlflowError when the server does not respond
 */
export async function findFormerAddresses({
  settings,
  spoolDir = settings.spoolDir,
  fetch,
}: MovedOptions): Promise<readonly string[]> {
  const transport = deliveryTransport(settings, { fetch })
  const former = new Set<string>()
  for (const { folder, header } of findJournals(spoolDir)) {
    const { trackingUri } = header
    if (trackingUri === settings.trackingUri || former.has(trackingUri)) continue
    if (isOf(await findKnownRun(transport, folder), header)) former.add(trackingUri)
  }
  return [...former]
}

/** Forget the id of a run on another server, so that the run is created on this one. */
export async function forgetForeignRun(transport: Transport, folder: string): Promise<void> {
  const known = readRemote(folder)
  if (known === undefined || !('runId' in known)) return
  if ((await findKnownRun(transport, folder)) === undefined) writeRemote(folder, { attempted: true })
}

async function findKnownRun(transport: Transport, folder: string): Promise<WireRun | undefined> {
  const known = readRemote(folder)
  if (known === undefined || !('runId' in known)) return undefined
  try {
    return await getRun(transport, known.runId)
  } catch (error) {
    if (error instanceof MlflowError && error.errorCode === 'RESOURCE_DOES_NOT_EXIST') return undefined
    throw error
  }
}

/** Whether a process of this client created the run, or continues it. */
function isOf(run: WireRun | undefined, { clientRunId, resumeKey, joins }: JournalHeader): boolean {
  if (run === undefined) return false
  return (
    tagOf(run, RUN_TAGS.clientRunId) === clientRunId ||
    run.info.run_id === joins ||
    (resumeKey !== undefined && tagOf(run, RUN_TAGS.resumeKey) === resumeKey)
  )
}
