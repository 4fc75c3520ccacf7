import { isJsonObject } from '../../canonical/strict-json.ts'
import type { JsonValue } from '../../canonical/strict-json.ts'
import type { Policy } from '../policy.ts'

/** The tag with the owner of a run or model; the front door sets it when one is created. */
export const ownerTag = 'mlflow.user'

/** Only an admin may write in somebody else's name. */
export const ownerTagPolicy: Policy = {
  name: 'owner',
  routes: new Set([
    'POST {api}/2.0/mlflow/runs/set-tag',
    'POST {api}/2.0/mlflow/runs/delete-tag',
    'POST {api}/2.0/mlflow/runs/log-batch',
    'PATCH {api}/2.0/mlflow/logged-models/{model_id}/tags',
    'DELETE {api}/2.0/mlflow/logged-models/{model_id}/tags/{tag_key}',
    'POST {api}/2.0/mlflow/registered-models/set-tag',
    'DELETE {api}/2.0/mlflow/registered-models/delete-tag',
  ]),
  code: 'SOEN_OWNER_TAG_ADMIN_ONLY',
  reason: `Only an admin may change whose it is (${ownerTag}).`,
  isBroken: (user, { key, tags }, { tag_key }) =>
    user.role !== 'admin' && (key === ownerTag || tag_key === ownerTag || namesOwner(tags)),
}

function namesOwner(tags: JsonValue | undefined): boolean {
  return Array.isArray(tags) && tags.some((tag: JsonValue) => isJsonObject(tag) && tag['key'] === ownerTag)
}
