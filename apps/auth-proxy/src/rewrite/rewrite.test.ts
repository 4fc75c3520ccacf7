import { expect, it } from 'vitest'
import type { Call } from '../canonical/call.ts'
import { routesOf } from '../routes/route.ts'
import { rules } from '../routes/rules.ts'
import { rewrite } from './rewrite.ts'

const routes = routesOf(rules)
const bob = { name: 'bob', role: 'member' } as const

function call(name: string, body: Call['body']): Call {
  const route = routes.find((one) => one.name === name)
  if (route === undefined) throw new Error(`There is no route ${name}.`)
  return { route, params: {}, ids: [], body, target: '/', upload: undefined }
}

it('gives a run its owner, and leaves everything else of the call', () => {
  const sent = call('POST {api}/2.0/mlflow/runs/create', { experiment_id: '1' })
  const tags = [{ key: 'mlflow.user', value: 'bob' }]
  expect(rewrite(sent, bob)).toEqual({ ...sent, body: { experiment_id: '1', user_id: 'bob', tags } })
})

it('sends a call on as it is where nothing is to be changed', () => {
  const sent = call('POST {api}/2.0/mlflow/runs/update', { run_id: 'a' })
  expect(rewrite(sent, bob)).toBe(sent)
})
