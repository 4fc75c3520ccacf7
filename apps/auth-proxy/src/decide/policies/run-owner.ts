import { isJsonObject } from '../../canonical/strict-json.ts'
import type { JsonValue } from '../../canonical/strict-json.ts'
import type { Policy } from '../policy.ts'

/** The tag that says whose run it is; the front door writes it when a run is created. */
export const ownerTag = 'mlflow.user'

/** Nobody but an admin writes in another's name. */
export const runOwner: Policy = {
  name: 'owner of a run',
  routes: new Set([
    'POST {api}/2.0/mlflow/runs/set-tag',
    'POST {api}/2.0/mlflow/runs/delete-tag',
    'POST {api}/2.0/mlflow/runs/log-batch',
  ]),
  code: 'SOEN_OWNER_TAG_ADMIN_ONLY',
  reason: `Only an admin may change whose run it is (${ownerTag}).`,
  isBroken: (user, { key, tags }) => user.role !== 'admin' && (key === ownerTag || namesOwner(tags)),
}

function namesOwner(tags: JsonValue | undefined): boolean {
  return Array.isArray(tags) && tags.some((tag: JsonValue) => isJsonObject(tag) && tag['key'] === ownerTag)
}
