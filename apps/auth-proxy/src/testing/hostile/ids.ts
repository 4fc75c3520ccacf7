import { hostile } from './hostile-request.ts'
import type { HostileRequest } from './hostile-request.ts'

const api = '/api/2.0/mlflow'

/** Spellings that MLflow, Python's int() or a database reads as experiment 2. */
const otherSpellings = [
  '02',
  '+2',
  '%2B2',
  '-0',
  '%202',
  '2%20',
  '%0a2',
  '%D9%A2',
  '%EF%BC%92',
  '2.0',
  '2e0',
  '0x2',
  '2_0',
  'two',
]

/** The same as JSON. */
const otherBodies = [
  '"02"',
  '"+2"',
  '" 2"',
  '"2\\n"',
  '"\\u0662"',
  '"2.0"',
  '2.0',
  'true',
  '["2"]',
  '{"x":"2"}',
]

const byBody = [
  ['POST', 'experiments/delete', 'experiment_id'],
  ['POST', 'experiments/update', 'experiment_id'],
  ['POST', 'runs/create', 'experiment_id'],
  ['POST', 'traces/delete-traces', 'experiment_id'],
] as const

/** Ids that name one thing to our checks and another to MLflow. */
export const hostileIds: readonly HostileRequest[] = [
  ...otherSpellings.map((id) =>
    hostile(`experiment 2 spelled ${id}`, 400, `GET ${api}/experiments/get?experiment_id=${id}`),
  ),
  ...byBody.flatMap(([method, route, field]) =>
    otherBodies.map((id) =>
      hostile(`${route} with ${field} ${id}`, 400, `${method} ${api}/${route}`, {
        body: `{"${field}":${id}}`,
      }),
    ),
  ),
  ...[
    'runs/delete',
    'runs/set-tag',
    'runs/log-metric',
    'runs/log-parameter',
    'runs/update',
    'runs/log-batch',
  ].flatMap((route) => [
    hostile(`${route} with two spellings`, 400, `POST ${api}/${route}`, {
      body: '{"run_id":"a","runId":"b"}',
    }),
    hostile(`${route} with a field twice`, 400, `POST ${api}/${route}`, {
      body: '{"run_id":"a","run_id":"b"}',
    }),
    hostile(`${route} with a list for one id`, 400, `POST ${api}/${route}`, { body: '{"run_id":["a",1]}' }),
    hostile(`${route} with a path for an id`, 400, `POST ${api}/${route}`, { body: '{"run_id":"../b"}' }),
  ]),
  ...['runs/log-metric', 'runs/log-parameter', 'runs/set-tag', 'runs/update'].map((route) =>
    hostile(`${route} with both names of a run`, 400, `POST ${api}/${route}`, {
      body: '{"run_id":"a","run_uuid":"b"}',
    }),
  ),
  ...[
    'run_id=a&run_id=b',
    'run_id=a&runId=b',
    'runId=a',
    'run_id=a&run_uuid=b',
    'run_id=a&run%5fid=b',
    'run_id=a%00',
  ].map((query) => hostile(`a run by ${query}`, 400, `GET ${api}/runs/get?${query}`)),
  hostile('another model in the body than in the path', 400, `PATCH ${api}/logged-models/m-1`, {
    body: '{"model_id":"m-2","status":"LOGGED_MODEL_READY"}',
  }),
  hostile('another model in the body, spelled for JSON', 400, `PATCH ${api}/logged-models/m-1/tags`, {
    body: '{"modelId":"m-2"}',
  }),
  hostile('another trace in the body than in the path', 400, `PATCH ${api}/traces/tr-1`, {
    body: '{"request_id":"tr-2"}',
  }),
  hostile('another trace below the path', 400, 'POST /api/3.0/mlflow/traces/tr-1/assessments', {
    body: '{"assessment":{"trace_id":"tr-2"}}',
  }),
  hostile(
    'another trace in the query than in the path',
    400,
    'GET /api/3.0/mlflow/traces/tr-1?trace_id=tr-2',
  ),
  hostile(
    'another dataset in the body than in the path',
    400,
    'POST /api/3.0/mlflow/datasets/d-1/add-experiments',
    {
      body: '{"dataset_id":"d-2","experiment_ids":["1"]}',
    },
  ),
  hostile('another run within the batch', 400, `POST ${api}/runs/log-batch`, {
    body: '{"run_id":"a","metrics":[{"key":"k","run_id":"b"}]}',
  }),
  hostile('one text for a list of experiments', 400, `POST ${api}/runs/search`, {
    body: '{"experiment_ids":"2"}',
  }),
  hostile('two spellings deep inside', 400, 'POST /api/3.0/mlflow/traces/search', {
    body: '{"locations":[{"mlflow_experiment":{"experiment_id":"1","experimentId":"2"}}]}',
  }),
  hostile('two spellings of a message', 400, 'POST /api/3.0/mlflow/traces', {
    body: '{"trace":{"trace_info":{"trace_id":"tr-1"},"traceInfo":{"trace_id":"tr-2"}}}',
  }),
  hostile('an experiment header that is no id', 400, 'POST /v1/traces', {
    headers: ['x-mlflow-experiment-id: 02'],
    body: 'otlp',
    contentType: 'application/x-protobuf',
  }),
  ...['../../etc/passwd', '/etc/passwd', '..%2f..%2fetc', '%252e%252e/x', 'a%5c..%5cb', 'a//b', 'a;'].flatMap(
    (path) => [
      hostile(`an artifact at ${path}`, 400, `GET /get-artifact?run_id=a&path=${path}`),
      hostile(
        `a model file at ${path}`,
        400,
        `GET /model-versions/get-artifact?name=m&version=1&path=${path}`,
      ),
      hostile(
        `a trace file at ${path}`,
        400,
        `GET /ajax-api/3.0/mlflow/get-trace-artifact?request_id=tr-1&path=${path}`,
      ),
      hostile(
        `an upload to ${path}`,
        400,
        `POST /ajax-api/2.0/mlflow/upload-artifact?run_uuid=a&path=${path}`,
      ),
      hostile(
        `a logged model's file at ${path}`,
        400,
        `GET /ajax-api/2.0/mlflow/logged-models/m-1/artifacts/files?artifact_file_path=${path}`,
      ),
      hostile(`a listing of ${path}`, 400, `GET /api/2.0/mlflow-artifacts/artifacts?path=${path}`),
    ],
  ),
  ...['../../etc', 'a/../b', '..', './m', 'a\\b', 'a\nb'].flatMap((name) => [
    hostile(`a model named ${JSON.stringify(name)}`, 400, `POST ${api}/registered-models/create`, {
      body: JSON.stringify({ name }),
    }),
    hostile(`a version of a model named ${JSON.stringify(name)}`, 400, `POST ${api}/model-versions/create`, {
      body: JSON.stringify({ name, source: 'runs:/a/m' }),
    }),
  ]),
]
