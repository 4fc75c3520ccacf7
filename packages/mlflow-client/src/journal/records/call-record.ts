import type { RequestOf } from '../../rest/wire-routes.ts'

/** The routes that store something about a run which no other kind of record covers. */
type CallRoute = 'POST runs/log-inputs' | 'POST runs/outputs' | 'POST runs/update'

/** A program's request to a route of MLflow, unchanged. */
export interface CallRecord<Route extends CallRoute = CallRoute> {
  readonly k: 'c'
  readonly route: Route
  /** The request without the run's id, which only the server gives. */
  readonly request: Omit<RequestOf<Route>, 'run_id'>
}
