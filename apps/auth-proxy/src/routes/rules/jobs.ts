import type { RuleArea } from '../rule.ts'

/** Routes that make the server run programs of its own or call language models. */
export const jobRules: RuleArea = {
  'POST /ajax-api/2.0/mlflow/runs/create-promptlab-run': { level: 'edit', feature: 'promptlab' },
  'POST /ajax-api/3.0/jobs/': { level: 'admin', feature: 'jobs' },
  'PATCH /ajax-api/3.0/jobs/cancel/{job_id}': { level: 'admin', feature: 'jobs' },
  'POST /ajax-api/3.0/jobs/search': { level: 'admin', feature: 'jobs' },
  'GET /ajax-api/3.0/jobs/{job_id}': { level: 'admin', feature: 'jobs' },
  'POST /ajax-api/3.0/mlflow/genai/evaluate/invoke': { level: 'edit', feature: 'jobs' },
  'POST /ajax-api/3.0/mlflow/issues/invoke': { level: 'edit', feature: 'jobs' },
  'PATCH /ajax-api/3.0/mlflow/jobs/cancel/{job_id}': { level: 'admin', feature: 'jobs' },
  'GET /ajax-api/3.0/mlflow/jobs/{job_id}': { level: 'admin', feature: 'jobs' },
  'POST /ajax-api/3.0/mlflow/scorer/invoke': { level: 'edit', feature: 'jobs' },
  'POST {api}/3.0/mlflow/prompt-optimization/jobs': { level: 'edit', feature: 'jobs' },
  'GET {api}/3.0/mlflow/prompt-optimization/jobs/search': { level: 'read', feature: 'jobs' },
  'POST {api}/3.0/mlflow/prompt-optimization/jobs/search': { level: 'read', feature: 'jobs' },
  'DELETE {api}/3.0/mlflow/prompt-optimization/jobs/{job_id}': { level: 'edit', feature: 'jobs' },
  'GET {api}/3.0/mlflow/prompt-optimization/jobs/{job_id}': { level: 'read', feature: 'jobs' },
  'POST {api}/3.0/mlflow/prompt-optimization/jobs/{job_id}/cancel': { level: 'edit', feature: 'jobs' },
}
