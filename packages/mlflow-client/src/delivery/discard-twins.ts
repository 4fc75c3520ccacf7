import type { RemoteRun } from '../journal/header.ts'
import type { Transport } from '../rest/transport.ts'

/** Remove what became, in the end, of a creation that was not answered. */
export async function discardTwins(
  transport: Transport,
  { experimentId, runId, mayHaveTwin }: RemoteRun,
  { clientRunId }: { readonly clientRunId: string },
): Promise<void> {
  if (!mayHaveTwin) return
  const { discardLosers } = await import('./agree-on-run.ts')
  await discardLosers(transport, { experimentId, clientRunId }, runId)
}
