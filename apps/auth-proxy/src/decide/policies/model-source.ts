import type { JsonValue } from '../../canonical/strict-json.ts'
import { isSet } from '../policy.ts'
import type { Policy } from '../policy.ts'

/**
 * The allowed sources of a model version: what MLflow itself stores, and the placeholder that it uses for prompts.
 */
// oxlint-disable-next-line no-control-regex -- a line break would hide what follows it from some readers
const ownSource = /^(?:runs:\/|models:\/|mlflow-artifacts:\/)(?!\/)[^\u0000-\u001f?#%\\;]+$/
const promptSource = 'dummy-source'

/**
 * For admins too: a version that points to file:///etc/passwd would give that file to everybody who may read models.
 */
export const modelSource: Policy = {
  name: 'model source',
  routes: new Set(['POST {api}/2.0/mlflow/model-versions/create']),
  code: 'SOEN_SOURCE_NOT_ALLOWED',
  reason: 'A model version may come only from this server.',
  isBroken: (_user, { source }) => isSet(source) && !isOwnSource(source),
}

function isOwnSource(source: JsonValue): boolean {
  if (typeof source !== 'string') return false
  return source === promptSource || (ownSource.test(source) && !source.split('/').includes('..'))
}
