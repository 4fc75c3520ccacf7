import { isSet } from '../policy.ts'
import type { Policy } from '../policy.ts'

const steps = ['create', 'complete', 'abort']
const leadsElsewhere = /(?:^|[/\\])\.{0,2}$/

/** MLflow's client sends the file's path on its own machine, of which MLflow uses the last segment. */
export const uploadName: Policy = {
  name: 'name of an upload',
  routes: new Set(steps.map((step) => `POST {api}/2.0/mlflow-artifacts/mpu/${step}/{artifact_path:path}`)),
  code: 'SOEN_ID_NOT_CANONICAL',
  reason: 'The name of an uploaded file may not lead elsewhere.',
  isBroken: (_user, { path }) => isSet(path) && !(typeof path === 'string' && !leadsElsewhere.test(path)),
}
