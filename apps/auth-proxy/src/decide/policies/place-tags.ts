import { isJsonObject } from '../../canonical/strict-json.ts'
import type { JsonValue } from '../../canonical/strict-json.ts'
import type { Policy } from '../policy.ts'

/**
 * Tags of a trace with the location of its files, which MLflow reads, and deletes along with the trace; only MLflow
 * itself sets them. No tag of runs, models, experiments, datasets or prompts is used as a location on the server.
 */
export const placeTags: ReadonlySet<string> = new Set([
  'mlflow.artifactLocation',
  'mlflow.trace.spansLocation',
  'mlflow.trace.archiveLocation',
])

/** For admins too: a tag with `file:///etc` would give that folder to everybody who may read traces. */
export const placeTagsOfTraces: Policy = {
  name: 'place of a trace',
  routes: new Set([
    'POST /v1/traces',
    'POST {api}/2.0/mlflow/traces',
    'PATCH {api}/2.0/mlflow/traces/{request_id}',
    'PATCH {api}/2.0/mlflow/traces/{request_id}/tags',
    'DELETE {api}/2.0/mlflow/traces/{request_id}/tags',
    'POST {api}/3.0/mlflow/traces',
    'PATCH {api}/3.0/mlflow/traces/{trace_id}/tags',
    'DELETE {api}/3.0/mlflow/traces/{trace_id}/tags',
  ]),
  code: 'SOEN_PLACE_TAG_REFUSED',
  reason: 'Only MLflow itself says where the files of a trace are kept.',
  isBroken: (_user, body) =>
    namesPlace(body['key']) || hasPlace(body['tags']) || hasPlace(tagsOfTrace(body['trace'])),
}

function tagsOfTrace(trace: JsonValue | undefined): JsonValue | undefined {
  const info = isJsonObject(trace) ? trace['trace_info'] : undefined
  return isJsonObject(info) ? info['tags'] : undefined
}

/** Tags are a list of names and values, or an object by name. */
function hasPlace(tags: JsonValue | undefined): boolean {
  if (Array.isArray(tags)) return tags.some((tag: JsonValue) => isJsonObject(tag) && namesPlace(tag['key']))
  return isJsonObject(tags) && Object.keys(tags).some(namesPlace)
}

function namesPlace(key: JsonValue | undefined): boolean {
  return typeof key === 'string' && placeTags.has(key)
}
