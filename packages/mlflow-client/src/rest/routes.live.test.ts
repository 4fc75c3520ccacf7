import { expect, inject, test } from 'vitest'
import { answerRoute, errorAnswer, type RouteHandlers } from './routes.ts'

const { trackingUri } = inject('mlflow')

const handlers: RouteHandlers = {
  'POST experiments/create': async () => ({ experiment_id: '1' }),
  'POST runs/delete': async () => ({}),
  'POST runs/log-batch': async () => ({}),
  'POST runs/set-tag': async () => ({}),
}

test.each([
  ['experiments/create', {}],
  ['experiments/create', { name: 5 }],
  ['runs/delete', { run_id: '' }],
  ['runs/set-tag', { run_id: 'r' }],
  ['runs/set-tag', { run_id: 'r', key: 'k', value: 5 }],
  ['runs/log-batch', { run_id: 'r', metrics: {} }],
  ['runs/log-batch', { run_id: 'r', metrics: [{ key: 'a', value: 1, timestamp: 1 }, { value: 1 }] }],
  ['runs/log-batch', { run_id: 'r', params: [{ value: 'x' }] }],
])('%s with %j is refused with the status, the code and the words of MLflow', async (path, json) => {
  const route = `/api/2.0/mlflow/${path}`
  const response = await fetch(`${trackingUri}${route}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(json),
  })
  const theirs: { error_code: string; message: string } = JSON.parse(await response.text())
  const error: unknown = await answerRoute(handlers, { method: 'POST', path: route, fields: json }).catch(
    (thrown: unknown) => thrown,
  )
  const { status, body } = errorAnswer(error)
  expect([status, body.error_code]).toEqual([response.status, theirs.error_code])
  // Python names its own type of an invalid value.
  expect(body.message).toBe(theirs.message.replace(/: +Hint: Value was of type '\w+'\./, '.'))
})
