import type { RemoteRun } from '../journal/header.ts'
import type { Transport } from '../rest/transport.ts'

/** Delete the duplicates of a run: a create request that timed out may have succeeded in the end. */
export async function discardTwins(
  transport: Transport,
  { experimentId, runId, mayHaveTwin }: RemoteRun,
  { clientRunId }: { readonly clientRunId: string },
): Promise<void> {
  if (!mayHaveTwin) return
  const { discardLosers } = await import('./agree-on-run.ts')
  await discardLosers(transport, { experimentId, clientRunId }, runId)
}
