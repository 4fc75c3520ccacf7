import { isSet } from '../policy.ts'
import type { Policy } from '../policy.ts'

/**
 * A location such as file:///etc would make the server read and write there for everybody with access to the
 * experiment.
 */
export const artifactLocation: Policy = {
  name: 'artifact location',
  routes: new Set(['POST {api}/2.0/mlflow/experiments/create']),
  code: 'SOEN_LOCATION_ADMIN_ONLY',
  reason: 'Only an admin may say where the artifacts of an experiment are kept.',
  isBroken: (user, body) => user.role !== 'admin' && isSet(body['artifact_location']),
}
