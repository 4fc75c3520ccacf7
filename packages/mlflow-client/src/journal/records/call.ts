import type { RequestOf } from '../../rest/wire-routes.ts'
import type { RecordKind } from './record-kind.ts'

/** The routes that store something about a run which no other kind of record covers. */
type CallRoute = 'POST runs/log-inputs' | 'POST runs/outputs' | 'POST runs/update'

/** A program's request to a route of MLflow, unchanged. */
export interface CallRecord<Route extends CallRoute = CallRoute> {
  readonly k: 'c'
  readonly route: Route
  /** The request without the run's id, which only the server gives. */
  readonly request: Omit<RequestOf<Route>, 'run_id'>
}

/** One request each, in the order of the calls. */
export const call: RecordKind<CallRecord, CallRecord> = {
  items: () => 1,
  plan: (records) => records,
  // Loaded only by programs that log through another client than this one.
  send: async (...work) => await (await import('./send-call.ts')).sendCall(...work),
}
