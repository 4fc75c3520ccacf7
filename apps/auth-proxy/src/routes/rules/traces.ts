import type { RuleArea } from '../rule.ts'

const byExperiment = { experiment: ['experiment_id'] }
const byExperiments = { experiment: ['experiment_ids'] }
const byTrace = { trace: ['trace_id'] }
const byRequest = { trace: ['request_id'] }

/** Traces, and people's assessments of them. */
export const traceRules: RuleArea = {
  'POST /v1/traces': {
    level: 'edit',
    ids: { experiment: ['header:x-mlflow-experiment-id'], run: ['header:x-mlflow-run-id'] },
    body: 'otlp',
    bodyMiB: 32,
  },
  'GET {api}/2.0/mlflow/get-online-trace-details': { level: 'deny' },
  'GET {api}/2.0/mlflow/traces': { level: 'scope', ids: byExperiments },
  'POST {api}/2.0/mlflow/traces': { level: 'edit', ids: byExperiment },
  'POST {api}/2.0/mlflow/traces/delete-traces': {
    level: 'manage',
    ids: { experiment: ['experiment_id'], trace: ['request_ids'] },
  },
  'POST {api}/2.0/mlflow/traces/link-prompts': { level: 'edit', ids: byTrace },
  'POST {api}/2.0/mlflow/traces/link-to-run': {
    level: 'edit',
    ids: { trace: ['trace_ids'], run: ['run_id'] },
  },
  'PATCH {api}/2.0/mlflow/traces/{request_id}': { level: 'edit', ids: byRequest },
  'GET {api}/2.0/mlflow/traces/{request_id}/info': { level: 'read', ids: byRequest },
  'DELETE {api}/2.0/mlflow/traces/{request_id}/tags': { level: 'edit', ids: byRequest },
  'PATCH {api}/2.0/mlflow/traces/{request_id}/tags': { level: 'edit', ids: byRequest },
  'GET {api}/2.0/mlflow/unified-traces': { level: 'deny' },
  'POST {api}/3.0/mlflow/traces': {
    level: 'edit',
    ids: {
      trace: ['trace.trace_info.trace_id', 'trace.trace_info.assessments.trace_id'],
      experiment: ['trace.trace_info.trace_location.mlflow_experiment.experiment_id'],
    },
  },
  'GET {api}/3.0/mlflow/traces/batchGet': {
    level: 'read',
    ids: { trace: ['trace_ids'], experiment: ['experiment_ids'] },
  },
  'POST {api}/3.0/mlflow/traces/batchGetInfos': {
    level: 'read',
    ids: { trace: ['trace_ids'], experiment: ['experiment_ids'] },
  },
  'POST {api}/3.0/mlflow/traces/calculate-filter-correlation': { level: 'read', ids: byExperiments },
  'POST {api}/3.0/mlflow/traces/delete-traces': {
    level: 'manage',
    ids: { experiment: ['experiment_id'], trace: ['request_ids'] },
  },
  'GET {api}/3.0/mlflow/traces/get': { level: 'read', ids: byTrace },
  'POST {api}/3.0/mlflow/traces/metrics': { level: 'read', ids: byExperiments },
  'POST {api}/3.0/mlflow/traces/search': {
    level: 'scope',
    ids: { experiment: ['locations.mlflow_experiment.experiment_id'] },
  },
  'GET {api}/3.0/mlflow/traces/{trace_id}': { level: 'read', ids: byTrace },
  'POST {api}/3.0/mlflow/traces/{trace_id}/assessments': {
    level: 'edit',
    ids: { trace: ['assessment.trace_id', 'trace_id'] },
  },
  'DELETE {api}/3.0/mlflow/traces/{trace_id}/assessments/{assessment_id}': { level: 'edit', ids: byTrace },
  'GET {api}/3.0/mlflow/traces/{trace_id}/assessments/{assessment_id}': { level: 'read', ids: byTrace },
  'PATCH {api}/3.0/mlflow/traces/{trace_id}/assessments/{assessment_id}': {
    level: 'edit',
    ids: { trace: ['assessment.trace_id', 'trace_id'] },
  },
  'DELETE {api}/3.0/mlflow/traces/{trace_id}/tags': { level: 'edit', ids: byTrace },
  'PATCH {api}/3.0/mlflow/traces/{trace_id}/tags': { level: 'edit', ids: byTrace },
}
