import { hostile } from './hostile-request.ts'
import type { HostileRequest } from './hostile-request.ts'

const api = '/api/2.0/mlflow'
const send = (name: string, as: string, target: string, body: object): HostileRequest =>
  hostile(name, 403, target, { as, body: JSON.stringify(body) })

/** What a member may do only to their own things. */
const deletesOfOwn = [
  ['POST', 'runs/delete', { run_id: 'a' }],
  ['POST', 'runs/restore', { run_id: 'a' }],
  ['POST', 'registered-models/rename', { name: 'm', new_name: 'n' }],
  ['DELETE', 'logged-models/m-1', {}],
] as const
const deletes = [
  ['POST', 'experiments/delete', { experiment_id: '1' }],
  ['POST', 'experiments/restore', { experiment_id: '1' }],
  ['DELETE', 'registered-models/delete', { name: 'm' }],
  ['DELETE', 'model-versions/delete', { name: 'm', version: '1' }],
  ['POST', 'traces/delete-traces', { experiment_id: '1' }],
] as const

const writes = [
  ['POST', 'experiments/create', { name: 'x' }],
  ['POST', 'experiments/set-experiment-tag', { experiment_id: '1', key: 'a', value: 'b' }],
  ['POST', 'runs/create', { experiment_id: '1' }],
  ['POST', 'runs/log-metric', { run_id: 'a', key: 'k', value: 1, timestamp: 1 }],
  ['POST', 'runs/log-batch', { run_id: 'a' }],
  ['POST', 'runs/set-tag', { run_id: 'a', key: 'a', value: 'b' }],
  ['POST', 'registered-models/create', { name: 'm' }],
  ['POST', 'model-versions/create', { name: 'm', source: 'runs:/a/m' }],
  ['POST', 'logged-models', { experiment_id: '1' }],
  ['PATCH', 'traces/tr-1/tags', { key: 'a', value: 'b' }],
] as const

const places = [
  'file:///etc',
  's3://other/x',
  'http:///#/../../etc',
  'mlflow-artifacts:/2',
  '../2',
  'dbfs:/x',
]
const sources = [
  'file:///etc/passwd',
  '/etc/passwd',
  'file:etc',
  'http://169.254.169.254/latest',
  'https://oast.example/x',
  's3://other/x',
  'dbfs:/x?../../etc',
  'mlflow-artifacts:/1/../../etc',
  'mlflow-artifacts:/1/%2e%2e/x',
  'mlflow-artifacts://evil.example/x',
  'runs:/a#/../../etc',
  './x',
]
const off = [
  ['PUT', '/ajax-api/3.0/mlflow/assistant/config'],
  ['POST', '/ajax-api/3.0/mlflow/assistant/message'],
  ['POST', '/ajax-api/3.0/mlflow/assistant/skills/install'],
  ['POST', '/ajax-api/3.0/mlflow/%61ssistant/message'],
  ['POST', '/ajax-api/3.0/jobs/'],
  ['POST', '/ajax-api/3.0/jobs/search'],
  ['GET', '/ajax-api/3.0/jobs/1'],
  ['POST', '/ajax-api/2.0/mlflow/gateway-proxy'],
  ['POST', '/ajax-api/2.0/mlflow/runs/create-promptlab-run'],
  ['POST', '/ajax-api/3.0/mlflow/scorer/invoke'],
  ['POST', '/ajax-api/3.0/mlflow/genai/evaluate/invoke'],
  ['POST', '/ajax-api/3.0/mlflow/issues/invoke'],
  ['POST', '/gateway/openai/v1/chat/completions'],
  ['POST', '/gateway/proxy/x/y'],
  ['GET', '/api/3.0/mlflow/gateway/secrets/get'],
  ['POST', '/api/3.0/mlflow/prompt-optimization/jobs'],
  ['POST', '/ajax-api/3.0/mlflow/demo/generate'],
  ['GET', '/api/3.0/mlflow/workspaces'],
  ['POST', '/api/3.0/mlflow/mcp-servers'],
] as const
const nowhere = [
  ['POST', '/api/2.0/mlflow/users/create'],
  ['POST', '/api/2.0/mlflow/users/create-ui'],
  ['PATCH', '/ajax-api/2.0/mlflow/users/update-admin'],
  ['GET', '/api/2.0/mlflow/users/list'],
  ['POST', '/api/3.0/mlflow/roles/assign'],
  ['GET', '/signup'],
  ['GET', '/graphql?query={test}'],
  ['GET', '/build/index.html'],
  ['GET', '/metrics'],
  ['GET', '/admin'],
  ['GET', '/api/2.0/mlflow/unified-traces'],
  ['POST', '/api/2.0mlflow/experiments/search-datasets'],
  ['POST', '/API/2.0/mlflow/runs/create'],
  ['POST', '/api/2.0/mlflow/runs/create/'],
  ['POST', '/api/9.0/mlflow/runs/create'],
  ['GET', '/api/2.0/preview/mlflow/runs/get'],
  ['GET', '/docs'],
  ['GET', '/openapi.json'],
] as const

/** What the caller may not do, and disabled parts of MLflow: the CVEs of its API, one by one. */
export const hostilePermissions: readonly HostileRequest[] = [
  ...deletes.map(([method, route, body]) =>
    send(`${route} by a member`, 'bob', `${method} ${api}/${route}`, body),
  ),
  ...[...deletes, ...deletesOfOwn, ...writes].map(([method, route, body]) =>
    send(`${route} by a viewer`, 'vic', `${method} /ajax-api/2.0/mlflow/${route}`, body),
  ),
  hostile('a file deleted by a member', 403, 'DELETE /api/2.0/mlflow-artifacts/artifacts/1/r/artifacts/x', {
    as: 'bob',
  }),
  hostile('a file put by a viewer', 403, 'PUT /api/2.0/mlflow-artifacts/artifacts/1/r/artifacts/x', {
    as: 'vic',
    body: 'bytes',
    contentType: 'application/octet-stream',
  }),
  hostile('a trace by a viewer', 403, 'POST /v1/traces', { as: 'vic', body: 'otlp' }),
  ...['bob', 'cleo', 'vic'].flatMap((as) => [
    send(`a webhook by ${as}`, as, `POST ${api}/webhooks`, { name: 'x', url: 'http://169.254.169.254' }),
    hostile(`the webhooks read by ${as}`, 403, `GET ${api}/webhooks`, { as }),
  ]),
  ...places.flatMap((artifact_location) => [
    send(`artifacts at ${artifact_location}`, 'bob', `POST ${api}/experiments/create`, {
      name: 'x',
      artifact_location,
    }),
    send(`artifacts at ${artifact_location}, in JSON's spelling`, 'cleo', `POST ${api}/experiments/create`, {
      name: 'x',
      artifactLocation: artifact_location,
    }),
  ]),
  ...sources.map((source) =>
    send(`a model from ${source}`, 'ada', `POST /ajax-api/2.0/mlflow/model-versions/create`, {
      name: 'm',
      source,
    }),
  ),
  ...['bob', 'cleo'].flatMap((as) => [
    send(`another owner by ${as}`, as, `POST ${api}/runs/set-tag`, {
      run_id: 'a',
      key: 'mlflow.user',
      value: 'eve',
    }),
    send(`another owner in a batch by ${as}`, as, `POST ${api}/runs/log-batch`, {
      run_id: 'a',
      tags: [{ key: 'mlflow.user', value: 'eve' }],
    }),
    send(`no owner by ${as}`, as, `POST ${api}/runs/delete-tag`, { run_id: 'a', key: 'mlflow.user' }),
  ]),
  ...off.map(([method, path]) => hostile(`switched off: ${method} ${path}`, 403, `${method} ${path}`)),
  ...nowhere.map(([method, path]) => hostile(`not there: ${method} ${path}`, 404, `${method} ${path}`)),
]
