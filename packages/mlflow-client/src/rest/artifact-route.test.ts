import { expect, test } from 'vitest'
import { artifactRoute } from './artifact-route.ts'

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
