import { expect, test } from 'vitest'
import { ClientError } from '../errors/client-error.ts'
import { MlflowError } from './mlflow-error.ts'
import { refusal } from './refusal.ts'
import { answerArtifact, answerRoute, errorAnswer, type RouteHandlers } from './routes.ts'

const runInfo = { run_id: 'r', experiment_id: '1', status: 'RUNNING', lifecycle_stage: 'active' } as const

/** Calls handlers of some routes; resolves to what the handler got. */
async function ask(method: string, path: string, fields: unknown): Promise<unknown> {
  let given: unknown
  const take = <Answer>(answer: Answer) => {
    return async (request: object): Promise<Answer> => {
      given = request
      return answer
    }
  }
  const handlers: RouteHandlers = {
    'GET metrics/get-history': take({}),
    'POST runs/search': take({}),
    'POST runs/log-batch': take({}),
    'POST runs/set-tag': take({}),
    'POST runs/log-inputs': take({}),
    'POST runs/update': take({ run_info: runInfo }),
  }
  await answerRoute(handlers, { method, path: `/api/2.0/mlflow/${path}`, fields })
  return given
}

test('a handler gets the fields of its route and no others', async () => {
  const metrics = [{ key: 'a', value: 'NaN', timestamp: 5, step: 1 }]
  const params = [{ key: 'p', value: '1' }]
  expect(await ask('POST', 'runs/log-batch', { run_id: 'r', metrics, params, surplus: 1 })).toEqual({
    run_id: 'r',
    metrics,
    params,
  })
})

test('what a query says as text is read as what it means', async () => {
  expect(
    await ask('GET', 'metrics/get-history', { run_id: 'r', metric_key: 'a', max_results: '7' }),
  ).toMatchObject({ max_results: 7 })
  expect(await ask('POST', 'runs/search', { experiment_ids: '1' })).toMatchObject({ experiment_ids: ['1'] })
})

test('a value that is not there is empty, and null is nothing', async () => {
  expect(await ask('POST', 'runs/set-tag', { run_id: 'r', key: 'k' })).toEqual({
    run_id: 'r',
    key: 'k',
    value: '',
  })
  expect(await ask('POST', 'runs/search', { filter: null })).toEqual({})
})

test.each([
  ['runs/log-batch', undefined, "Missing value for required parameter 'run_id'."],
  ['runs/log-batch', { run_id: '' }, "Missing value for required parameter 'run_id'."],
  ['runs/log-batch', { run_id: 5 }, "Invalid value 5 for parameter 'run_id' supplied."],
  ['runs/log-batch', { run_id: 'r', metrics: {} }, "Invalid value {} for parameter 'metrics' supplied."],
  [
    'runs/log-batch',
    {
      run_id: 'r',
      metrics: [
        { key: 'a', value: 1, timestamp: 1 },
        { key: 'b', timestamp: 1 },
      ],
    },
    "Missing value for required parameter 'metrics[1].value'.",
  ],
  [
    'runs/log-batch',
    { run_id: 'r', metrics: [{ key: 'a', value: 'many', timestamp: 1 }] },
    'Invalid value "many" for parameter \'metrics[0].value\' supplied.',
  ],
  [
    'runs/log-batch',
    { run_id: 'r', metrics: [{ key: 'a', value: 1, timestamp: 1, step: 0.5 }] },
    "Invalid value 0.5 for parameter 'metrics[0].step' supplied.",
  ],
  [
    'runs/log-batch',
    { run_id: 'r', tags: [{ value: 'x' }] },
    "Missing value for required parameter 'tags[0].key'.",
  ],
  [
    'runs/log-inputs',
    { run_id: 'r', datasets: [{ dataset: { name: 'd' } }] },
    "Missing value for required parameter 'datasets[0].dataset.digest'.",
  ],
  ['runs/update', { run_id: 'r', status: 'DONE' }, 'Invalid value "DONE" for parameter \'status\' supplied.'],
  [
    'runs/search',
    { run_view_type: 'SOME' },
    'Invalid value "SOME" for parameter \'run_view_type\' supplied.',
  ],
  ['runs/search', { order_by: [1] }, "Invalid value 1 for parameter 'order_by[0]' supplied."],
])('%s with %j is refused as MLflow refuses it', async (path, fields, message) => {
  const error: unknown = await ask('POST', path, fields).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(MlflowError)
  expect(errorAnswer(error)).toEqual({
    status: 400,
    body: {
      error_code: 'INVALID_PARAMETER_VALUE',
      message: `${message} See the API docs for more information about request parameters.`,
    },
  })
})

test.each([
  ['GET', 'runs/log-batch'],
  ['POST', 'runs/delete'],
  ['POST', 'registered-models/create'],
  ['POST', 'constructor'],
])('has no answer to %s %s, for which there is no handler', async (method, path) => {
  expect(await ask(method, path, { run_id: 'r' })).toBeUndefined()
})

test('the bytes of an artifact go by the run and the path that a request names', async () => {
  const done: unknown[] = []
  const handlers = {
    read: async (place: object) => {
      done.push(['read', place])
      return new Blob(['bytes'])
    },
    write: async (place: object, content: object) => void done.push(['write', place, content]),
    remove: async (place: object) => void done.push(['remove', place]),
  }
  const path = '/api/2.0/mlflow-artifacts/artifacts/1/abc/artifacts/a%20b/c%23.txt'
  const place = { runId: 'abc', path: 'a b/c#.txt' }
  const content = new Blob(['new'])
  const read = await answerArtifact(handlers, { method: 'GET', path })
  await answerArtifact(handlers, { method: 'PUT', path }, content)
  await answerArtifact(handlers, { method: 'DELETE', path })
  expect(done).toEqual([
    ['read', place],
    ['write', place, content],
    ['remove', place],
  ])
  expect(read?.size).toBe(5)
  const elsewhere = '/api/2.0/mlflow-artifacts/artifacts/1/abc/models/x'
  expect(await answerArtifact(handlers, { method: 'GET', path: elsewhere })).toBeUndefined()
})

test.each([
  [refusal('RESOURCE_DOES_NOT_EXIST', 'none'), 404, 'RESOURCE_DOES_NOT_EXIST'],
  [
    new MlflowError({ code: 'SOEN_SERVER_UNREACHABLE', message: 'none', hint: '', status: 0 }),
    503,
    'TEMPORARILY_UNAVAILABLE',
  ],
  [new ClientError({ code: 'SOEN_ITEM_REFUSED', message: 'none', hint: '' }), 500, 'INTERNAL_ERROR'],
])('%o is answered by its status and its code', (error, status, code) => {
  expect(errorAnswer(error)).toEqual({ status, body: { error_code: code, message: 'none' } })
})
