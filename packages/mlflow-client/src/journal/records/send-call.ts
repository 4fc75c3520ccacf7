import { call } from '../../rest/call.ts'
import { isRejection } from '../../rest/isolate.ts'
import type { CallRecord } from './call-record.ts'
import type { DeadLetter, Delivery } from './record-kind.ts'

/** Repeat the request, with the server's id of the run. */
export async function sendCall(
  { route, request }: CallRecord,
  { transport, run, persist }: Delivery,
): Promise<readonly DeadLetter[]> {
  try {
    await persist(() => call(transport, route, { ...request, run_id: run.runId }))
    return []
  } catch (error) {
    if (!isRejection(error)) throw error
    return [{ kind: 'call', name: route, reason: error.message, item: request }]
  }
}
