import type { Rule, RuleArea } from '../rule.ts'

const storedPath = { 'stored-path': ['artifact_path'] }
const ofRun = { run: ['run_id', 'run_uuid'], 'artifact-path': ['path'] }
const traceArtifact: Rule = {
  level: 'read',
  ids: { trace: ['request_id'], 'artifact-path': ['path'] },
  query: ['request_id', 'path'],
  servesUpload: true,
}

/** Files: by their path in the store, or by the run, trace or model version they belong to. */
export const artifactRules: RuleArea = {
  'GET /ajax-api/2.0/mlflow/get-trace-artifact': traceArtifact,
  'POST /ajax-api/2.0/mlflow/upload-artifact': {
    level: 'edit',
    ids: ofRun,
    query: ['run_id', 'run_uuid', 'path'],
    body: 'whole',
    bodyMiB: 10,
  },
  'GET /ajax-api/3.0/mlflow/get-trace-artifact': traceArtifact,
  'GET /get-artifact': {
    level: 'read',
    ids: ofRun,
    query: ['run_id', 'run_uuid', 'path'],
    servesUpload: true,
  },
  'GET /model-versions/get-artifact': {
    level: 'read',
    ids: { 'registered-model': ['name'], 'artifact-path': ['path'] },
    query: ['name', 'version', 'path'],
    servesUpload: true,
  },
  'GET {api}/2.0/mlflow-artifacts/artifacts': { level: 'read', ids: { 'stored-path': ['path'] } },
  'DELETE {api}/2.0/mlflow-artifacts/artifacts/{artifact_path:path}': { level: 'manage', ids: storedPath },
  'GET {api}/2.0/mlflow-artifacts/artifacts/{artifact_path:path}': {
    level: 'read',
    ids: storedPath,
    servesUpload: true,
  },
  'PUT {api}/2.0/mlflow-artifacts/artifacts/{artifact_path:path}': {
    level: 'edit',
    ids: storedPath,
    body: 'stream',
  },
  'POST {api}/2.0/mlflow-artifacts/mpu/abort/{artifact_path:path}': { level: 'edit', ids: storedPath },
  'POST {api}/2.0/mlflow-artifacts/mpu/complete/{artifact_path:path}': { level: 'edit', ids: storedPath },
  'POST {api}/2.0/mlflow-artifacts/mpu/create/{artifact_path:path}': { level: 'edit', ids: storedPath },
  'GET {api}/2.0/mlflow-artifacts/presigned/{artifact_path:path}': { level: 'read', ids: storedPath },
  'GET {api}/2.0/mlflow/artifacts/list': { level: 'read', ids: ofRun },
  'POST {api}/2.0/mlflow/artifacts/presigned-download-url': { level: 'read', ids: ofRun },
  'POST {api}/2.0/mlflow/artifacts/presigned-upload-url': {
    level: 'edit',
    ids: { ...ofRun, 'logged-model': ['model_id'] },
  },
}
