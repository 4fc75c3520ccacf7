import type { Call } from '../canonical/call.ts'
import { isJsonObject } from '../canonical/strict-json.ts'
import type { JsonObject, JsonValue } from '../canonical/strict-json.ts'
import { ownerTag } from '../decide/policies/owner-tag.ts'
import type { User } from '../identity/user.ts'

const createsRun: ReadonlySet<string> = new Set([
  'POST {api}/2.0/mlflow/runs/create',
  'POST /ajax-api/2.0/mlflow/runs/create-promptlab-run',
])
const createsModel: ReadonlySet<string> = new Set([
  'POST {api}/2.0/mlflow/logged-models',
  'POST {api}/2.0/mlflow/registered-models/create',
])

/**
 * Sets the caller as the owner of a new run or model, whatever the client says. It is overwritten rather than
 * refused, because MLflow's clients always send the name of the account on their machine; for admins too, whose
 * clients do the same. An admin who imports runs of others sets the tag afterwards, which nobody else may.
 */
export function stampOwner(
  { route, body }: Pick<Call, 'route' | 'body'>,
  user: User,
): JsonObject | undefined {
  const isRun = createsRun.has(route.name)
  if (!isRun && !createsModel.has(route.name)) return body
  const tags = body?.['tags']
  const others = Array.isArray(tags) ? tags.filter((tag: JsonValue) => !isOwner(tag)) : []
  const stamped = { ...body, tags: [...others, { key: ownerTag, value: user.name }] }
  return isRun ? { ...stamped, user_id: user.name } : stamped
}

function isOwner(tag: JsonValue): boolean {
  return isJsonObject(tag) && tag['key'] === ownerTag
}
