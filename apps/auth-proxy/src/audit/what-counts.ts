import type { Route } from '../routes/route.ts'
import type { Level } from '../routes/rule.ts'

/** Requests that a training run sends by the thousand: they are summed up per minute. */
export const hotRoutes: ReadonlySet<string> = new Set([
  'POST {api}/2.0/mlflow/runs/log-batch',
  'POST {api}/2.0/mlflow/runs/log-metric',
  'POST {api}/2.0/mlflow/runs/log-parameter',
  'POST {api}/2.0/mlflow/runs/log-inputs',
  'POST {api}/2.0/mlflow/runs/log-model',
  'POST {api}/2.0/mlflow/runs/outputs',
  'POST {api}/2.0/mlflow/runs/set-tag',
  'POST {api}/2.0/mlflow/logged-models/{model_id}/params',
  'PUT {api}/2.0/mlflow-artifacts/artifacts/{artifact_path:path}',
  'POST {api}/2.0/mlflow-artifacts/mpu/abort/{artifact_path:path}',
  'POST {api}/2.0/mlflow-artifacts/mpu/complete/{artifact_path:path}',
  'POST {api}/2.0/mlflow-artifacts/mpu/create/{artifact_path:path}',
  'POST {api}/2.0/mlflow/artifacts/presigned-upload-url',
  'POST /ajax-api/2.0/mlflow/upload-artifact',
  'POST /v1/traces',
  'POST {api}/2.0/mlflow/traces',
  'POST {api}/3.0/mlflow/traces',
  'PATCH {api}/2.0/mlflow/traces/{request_id}',
])

const readLevels: ReadonlySet<Level> = new Set<Level>(['public', 'auth', 'read', 'scope'])
/** Requires only read permission, yet creates a queue for a user who has none. */
const alsoMakes = 'POST {api}/3.0/mlflow/review-queues/get-or-create-user'

type Asked = Pick<Route, 'name' | 'method' | 'rule'>

/** Whether a request to this route changes something. */
export function isChange({ name, method, rule }: Asked): boolean {
  return method !== 'GET' && (!readLevels.has(rule.level) || name === alsoMakes)
}

/**
 * Whether a request to this route grants rights or does what cannot be undone: it is forwarded only after its
 * record is stored.
 */
export function isGrave({ method, rule }: Asked): boolean {
  return method !== 'GET' && (rule.level === 'manage' || rule.level === 'admin')
}
