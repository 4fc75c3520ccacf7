import { expect, test } from 'vitest'
import { artifactPlace, artifactRoute } from './artifact-route.ts'

test('encodes each segment by itself', () => {
  expect(artifactRoute('mlflow-artifacts:/1/abc/artifacts', 'a b/c?%é.txt')).toBe(
    '/api/2.0/mlflow-artifacts/artifacts/1/abc/artifacts/a%20b/c%3F%25%C3%A9.txt',
  )
})

test('takes a root that names the server', () => {
  expect(artifactRoute('mlflow-artifacts://host:80/1/abc/artifacts', 'x')).toBe(
    '/api/2.0/mlflow-artifacts/artifacts/1/abc/artifacts/x',
  )
})

test('says so when artifacts do not go through the server', () => {
  expect(() => artifactRoute('s3://bucket/1', 'x')).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('--artifacts-destination') }),
  )
})

test.each(['a b/c?%é.txt', 'model.ckpt', 'a/%41'])('finds the artifact %s by its route again', (path) => {
  const route = artifactRoute('mlflow-artifacts:/1/abc/artifacts', path)
  expect(artifactPlace(route)).toEqual({ runId: 'abc', path })
})

test('takes a percent sign that encodes nothing for what it is', () => {
  const route = '/api/2.0/mlflow-artifacts/artifacts/1/abc/artifacts/50%/a%20b'
  expect(artifactPlace(route)).toEqual({ runId: 'abc', path: '50%/a b' })
})

test.each(['/api/2.0/mlflow/artifacts/list', '/api/2.0/mlflow-artifacts/artifacts/1/abc/models/x'])(
  'knows no artifact of a run at %s',
  (route) => {
    expect(artifactPlace(route)).toBeUndefined()
  },
)
