import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../canonical/strict-json.ts'
import type { Role } from '../identity/user.ts'
import { rules } from '../routes/rules.ts'
import { policies } from './policies.ts'

function broken(role: Role, name: string, body: JsonObject, params: Record<string, string> = {}): string[] {
  const user = { name: 'bob', role }
  return policies
    .filter(({ routes, isBroken }) => routes.has(name) && isBroken(user, body, params))
    .map(({ code }) => code)
}

const create = 'POST {api}/2.0/mlflow/experiments/create'
const version = 'POST {api}/2.0/mlflow/model-versions/create'

it('speak about routes that exist', () => {
  for (const { routes } of policies) expect(Object.keys(rules)).toEqual(expect.arrayContaining([...routes]))
})

describe('the place of artifacts', () => {
  it.each(['file:///etc', 's3://other', 'http:///#/../../etc', 'mlflow-artifacts:/1', 'relative', ['list']])(
    'is not for members to say: %j',
    (artifact_location) => {
      expect(broken('member', create, { artifact_location })).toEqual(['SOEN_LOCATION_ADMIN_ONLY'])
      expect(broken('admin', create, { artifact_location })).toEqual([])
    },
  )

  it.each([{}, { artifact_location: '' }, { artifact_location: null }])('may stay open: %j', (body) => {
    expect(broken('member', create, body)).toEqual([])
  })
})

describe('the source of a model version', () => {
  it.each([
    'runs:/0123456789abcdef0123456789abcdef/model',
    'models:/m-0123456789abcdef0123456789abcdef',
    'mlflow-artifacts:/1/0123/artifacts/größe 1',
    'dummy-source',
    '',
  ])('may be %j', (source) => {
    expect(broken('member', version, { source })).toEqual([])
  })

  it.each([
    '/etc/passwd',
    'file:///etc/passwd',
    'file:etc',
    'http://evil.example/x',
    'https://oast.example',
    's3://bucket/key',
    'dbfs:/x?../../etc',
    'mlflow-artifacts:/1/../../etc',
    'mlflow-artifacts:/1/%2e%2e/etc',
    'mlflow-artifacts://evil.example/1',
    'mlflow-artifacts:/1/a?b',
    'runs:/a/#/../../etc',
    'models:/m;b',
    'RUNS:/a',
    ' runs:/a',
    'runs:/a\nfile:///etc',
    'dummy-source/../../etc',
    ['runs:/a'],
  ])('is never %j, not even for admins', (source) => {
    expect(broken('admin', version, { source })).toEqual(['SOEN_SOURCE_NOT_ALLOWED'])
  })
})

describe('the name of an upload in parts', () => {
  const upload = 'POST {api}/2.0/mlflow-artifacts/mpu/create/{artifact_path:path}'

  it.each(['/home/bob/model.ckpt', 'model.ckpt', 'C:\\runs\\model.ckpt', '/tmp/.hidden', '/tmp/...'])(
    'may be %j',
    (path) => {
      expect(broken('member', upload, { path })).toEqual([])
    },
  )

  it.each(['..', '.', '/tmp/..', '/tmp/.', '/tmp/', 'a\\..', ['x']])('is never %j', (path) => {
    expect(broken('admin', upload, { path })).toEqual(['SOEN_ID_NOT_CANONICAL'])
  })
})

describe('the owner of a run or model', () => {
  const owner = { key: 'mlflow.user', value: 'eve' }
  it.each([
    ['POST {api}/2.0/mlflow/runs/set-tag', owner],
    ['POST {api}/2.0/mlflow/runs/delete-tag', { key: 'mlflow.user' }],
    ['POST {api}/2.0/mlflow/runs/log-batch', { tags: [{ key: 'a', value: 'b' }, owner] }],
    ['PATCH {api}/2.0/mlflow/logged-models/{model_id}/tags', { tags: [owner] }],
    ['POST {api}/2.0/mlflow/registered-models/set-tag', owner],
    ['DELETE {api}/2.0/mlflow/registered-models/delete-tag', { key: 'mlflow.user' }],
  ])('is changed by admins only, at %s', (name, body) => {
    expect(broken('maintainer', name, body)).toEqual(['SOEN_OWNER_TAG_ADMIN_ONLY'])
    expect(broken('admin', name, body)).toEqual([])
    expect(broken('member', name, { key: 'other', tags: [{ key: 'a' }] })).toEqual([])
  })

  it('is not taken away by the path either', () => {
    const name = 'DELETE {api}/2.0/mlflow/logged-models/{model_id}/tags/{tag_key}'
    expect(broken('maintainer', name, {}, { tag_key: 'mlflow.user' })).toEqual(['SOEN_OWNER_TAG_ADMIN_ONLY'])
    expect(broken('member', name, {}, { tag_key: 'team' })).toEqual([])
  })
})

describe('the owner of a review queue', () => {
  const queue = 'POST {api}/3.0/mlflow/review-queues/get-or-create-user'
  it.each([{ user: 'eve' }, { user: 'bob', created_by: 'eve' }])('is no other for a viewer: %j', (body) => {
    expect(broken('viewer', queue, body)).toEqual(['SOEN_REVIEW_QUEUE_OF_OTHERS'])
    expect(broken('member', queue, body)).toEqual([])
  })

  it('may be a viewer alone', () => {
    expect(broken('viewer', queue, { experiment_id: '1', user: 'bob' })).toEqual([])
  })
})

describe('the place of a trace', () => {
  const place = 'mlflow.artifactLocation'

  it.each([
    ['PATCH {api}/2.0/mlflow/traces/{request_id}/tags', { key: place, value: 'file:///etc' }],
    ['DELETE {api}/3.0/mlflow/traces/{trace_id}/tags', { key: place }],
    ['PATCH {api}/2.0/mlflow/traces/{request_id}', { tags: [{ key: 'a' }, { key: place, value: 's3://x' }] }],
    ['POST {api}/3.0/mlflow/traces', { trace: { trace_info: { tags: { [place]: 's3://x' } } } }],
    ['POST /v1/traces', { tags: [{ key: 'mlflow.trace.archiveLocation' }] }],
  ])('is nobody’s to say, by %s', (route, body) => {
    expect(broken('admin', route, body)).toEqual(['SOEN_PLACE_TAG_REFUSED'])
  })

  it.each([
    ['PATCH {api}/3.0/mlflow/traces/{trace_id}/tags', { key: 'team', value: place }],
    ['POST {api}/3.0/mlflow/traces', { trace: { trace_info: { tags: { team: 'soen' } } } }],
    ['POST {api}/3.0/mlflow/traces', { trace: null }],
  ])('leaves other tags alone, by %s', (route, body) => {
    expect(broken('member', route, body)).toEqual([])
  })
})
