import type { Identity } from '../identity/open-identity.ts'
import { Metrics } from './metrics.ts'
import type { OperationOptions } from './operation.ts'

/** The operator's view of a front door with this identity store. */
export function operationOf({ store, directory, standing }: Identity): OperationOptions {
  return {
    readState: () => store.db.selectFrom('users').select('name').limit(1).execute(),
    metrics: new Metrics(standing),
    maySeeMetrics: ({ name, role, credential }) =>
      credential.kind === 'token' && (role === 'admin' || directory.find(name)?.kind === 'service'),
  }
}
