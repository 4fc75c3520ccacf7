import { call } from './call.ts'
import type { Transport } from './transport.ts'
import type { WireKeyValue } from './wire.ts'

/** Set one parameter. It keeps its first value: a different one is refused. */
export async function logParam(
  transport: Transport,
  { runId, key, value }: { readonly runId: string } & WireKeyValue,
): Promise<void> {
  await call(transport, 'POST runs/log-parameter', { run_id: runId, key, value })
}

/** Set one tag of a run. */
export async function setRunTag(
  transport: Transport,
  { runId, key, value }: { readonly runId: string } & WireKeyValue,
): Promise<void> {
  await call(transport, 'POST runs/set-tag', { run_id: runId, key, value })
}

/** Remove one tag of a run. */
export async function deleteRunTag(
  transport: Transport,
  { runId, key }: { readonly runId: string; readonly key: string },
): Promise<void> {
  await call(transport, 'POST runs/delete-tag', { run_id: runId, key })
}
