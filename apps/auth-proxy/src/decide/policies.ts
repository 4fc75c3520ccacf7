import { isJsonObject } from '../canonical/strict-json.ts'
import type { JsonObject, JsonValue } from '../canonical/strict-json.ts'
import type { RefusalCode } from '../errors/error-codes.ts'
import type { User } from '../identity/user.ts'

/** A rule about what a body says, on top of who may call the route at all. */
export interface Policy {
  readonly name: string
  readonly routes: ReadonlySet<string>
  readonly code: RefusalCode
  readonly reason: string
  readonly isBroken: (user: User, body: JsonObject) => boolean
}

/** The tag that says whose run it is; the front door writes it when a run is created. */
export const ownerTag = 'mlflow.user'

/** Where a model version may come from: what MLflow itself keeps, and the word that it puts in for prompts. */
// oxlint-disable-next-line no-control-regex -- a line break would hide what follows it from some readers
const ownSource = /^(?:runs:\/|models:\/|mlflow-artifacts:\/)(?!\/)[^\u0000-\u001f?#%\\;]+$/
const promptSource = 'dummy-source'
const leadsElsewhere = /(?:^|[/\\])\.{0,2}$/

/** What bodies may not say. Each stops a way to reach files of the server, or to write in another's name. */
export const policies: readonly Policy[] = [
  {
    name: 'artifact location',
    // A place such as file:///etc makes the server read and write there for everybody who may use the experiment.
    routes: new Set(['POST {api}/2.0/mlflow/experiments/create']),
    code: 'SOEN_LOCATION_ADMIN_ONLY',
    reason: 'Only an admin may say where the artifacts of an experiment are kept.',
    isBroken: (user, body) => user.role !== 'admin' && isSet(body['artifact_location']),
  },
  {
    name: 'model source',
    // For admins too: a version that points at file:///etc/passwd hands that file to everybody who may read models.
    routes: new Set(['POST {api}/2.0/mlflow/model-versions/create']),
    code: 'SOEN_SOURCE_NOT_ALLOWED',
    reason: 'A model version may come only from this server.',
    isBroken: (_user, { source }) => isSet(source) && !isOwnSource(source),
  },
  {
    name: 'name of an upload',
    // MLflow's client sends the file's path on its own machine, of which MLflow takes the last segment.
    routes: new Set(
      ['create', 'complete', 'abort'].map(
        (step) => `POST {api}/2.0/mlflow-artifacts/mpu/${step}/{artifact_path:path}`,
      ),
    ),
    code: 'SOEN_ID_NOT_CANONICAL',
    reason: 'The name of an uploaded file may not lead elsewhere.',
    isBroken: (_user, { path }) => isSet(path) && !(typeof path === 'string' && !leadsElsewhere.test(path)),
  },
  {
    name: 'owner of a run',
    routes: new Set([
      'POST {api}/2.0/mlflow/runs/set-tag',
      'POST {api}/2.0/mlflow/runs/delete-tag',
      'POST {api}/2.0/mlflow/runs/log-batch',
    ]),
    code: 'SOEN_OWNER_TAG_ADMIN_ONLY',
    reason: `Only an admin may change whose run it is (${ownerTag}).`,
    isBroken: (user, { key, tags }) => user.role !== 'admin' && (key === ownerTag || namesOwner(tags)),
  },
]

function isSet(value: JsonValue | undefined): value is JsonValue {
  return value !== undefined && value !== null && value !== ''
}

function isOwnSource(source: JsonValue): boolean {
  if (typeof source !== 'string') return false
  return source === promptSource || (ownSource.test(source) && !source.split('/').includes('..'))
}

function namesOwner(tags: JsonValue | undefined): boolean {
  return Array.isArray(tags) && tags.some((tag: JsonValue) => isJsonObject(tag) && tag['key'] === ownerTag)
}
