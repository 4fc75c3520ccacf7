import { expect, it } from 'vitest'
import type { Route } from '../routes/route.ts'
import { stampOwner } from './stamp-owner.ts'

const user = { name: 'bob', role: 'member' } as const
const route = (name: string): Route => ({
  kind: 'mlflow',
  name,
  method: 'POST',
  path: name.replace('POST ', ''),
  rule: { level: 'edit' },
  shape: undefined,
  queryFields: [],
})
const create = route('POST {api}/2.0/mlflow/runs/create')

it('writes who creates a run over whatever the client says', () => {
  const body = {
    experiment_id: '1',
    user_id: 'root',
    tags: [
      { key: 'mlflow.user', value: 'eve' },
      { key: 'team', value: 'soen' },
      { key: 'mlflow.user', value: 'mallory' },
    ],
  }
  expect(stampOwner({ route: create, body }, user)).toEqual({
    experiment_id: '1',
    user_id: 'bob',
    tags: [
      { key: 'team', value: 'soen' },
      { key: 'mlflow.user', value: 'bob' },
    ],
  })
})

it('writes it into a run of the page for prompts as well', () => {
  const promptlab = route('POST /ajax-api/2.0/mlflow/runs/create-promptlab-run')
  expect(stampOwner({ route: promptlab, body: { user_id: 'eve' } }, user)).toEqual({
    user_id: 'bob',
    tags: [{ key: 'mlflow.user', value: 'bob' }],
  })
})

it.each(['POST {api}/2.0/mlflow/logged-models', 'POST {api}/2.0/mlflow/registered-models/create'])(
  'writes it into a model, by %s',
  (name) => {
    const body = { name: 'net', tags: [{ key: 'mlflow.user', value: 'eve' }] }
    expect(stampOwner({ route: route(name), body }, user)).toEqual({
      name: 'net',
      tags: [{ key: 'mlflow.user', value: 'bob' }],
    })
  },
)

it('writes it where the client says nothing', () => {
  const stamped = { user_id: 'bob', tags: [{ key: 'mlflow.user', value: 'bob' }] }
  expect(stampOwner({ route: create, body: undefined }, user)).toEqual(stamped)
  expect(stampOwner({ route: create, body: { tags: null } }, user)).toEqual(stamped)
})

it('leaves everything else alone', () => {
  const body = { key: 'mlflow.user', value: 'eve' }
  expect(stampOwner({ route: route('POST {api}/2.0/mlflow/runs/set-tag'), body }, user)).toBe(body)
})
