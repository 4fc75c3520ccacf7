import { isJsonObject } from '../../canonical/strict-json.ts'
import type { JsonValue } from '../../canonical/strict-json.ts'
import type { Policy } from '../policy.ts'

/**
 * Tags of a trace by which MLflow finds its files, to read them and to remove them with it: it writes them itself. Of
 * what it keeps about runs, models, experiments, datasets and prompts no tag is read as a place on the server.
 */
export const placeTags: ReadonlySet<string> = new Set([
  'mlflow.artifactLocation',
  'mlflow.trace.spansLocation',
  'mlflow.trace.archiveLocation',
])

/** For admins too: a tag that says `file:///etc` hands that folder to everybody who may read traces. */
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

/** Tags come as a list of names with values, or by name. */
function hasPlace(tags: JsonValue | undefined): boolean {
  if (Array.isArray(tags)) return tags.some((tag: JsonValue) => isJsonObject(tag) && namesPlace(tag['key']))
  return isJsonObject(tags) && Object.keys(tags).some(namesPlace)
}

function namesPlace(key: JsonValue | undefined): boolean {
  return typeof key === 'string' && placeTags.has(key)
}
