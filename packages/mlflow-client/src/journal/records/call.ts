import type { RequestOf } from '../../rest/wire-routes.ts'
import type { RecordKind } from './record-kind.ts'

/** The routes by which something is noted about a run that no other kind of record holds. */
type CallRoute = 'POST runs/log-inputs' | 'POST runs/outputs' | 'POST runs/update'

/** What a program asked a route of MLflow for, as it asked. */
export interface CallRecord<Route extends CallRoute = CallRoute> {
  readonly k: 'c'
  readonly route: Route
  /** All that was asked but for the run's id, which only the server gives. */
  readonly request: Omit<RequestOf<Route>, 'run_id'>
}

/** One request each, in the order of the calls. */
export const call: RecordKind<CallRecord, CallRecord> = {
  items: () => 1,
  plan: (records) => records,
  // Loaded by programs that log through another than this client.
  send: async (...work) => await (await import('./send-call.ts')).sendCall(...work),
}
