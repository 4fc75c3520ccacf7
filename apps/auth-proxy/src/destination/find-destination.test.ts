import { describe, expect, it } from 'vitest'
import { routesOf } from '../routes/route.ts'
import { Router } from '../routes/router.ts'
import type { Feature } from '../routes/rule.ts'
import { rules } from '../routes/rules.ts'
import { answerWhenOff, checkOpen, findDestination } from './find-destination.ts'

const router = new Router(routesOf(rules))
const find = (request: string, ...features: Feature[]): string => {
  const [method = '', path = ''] = request.split(' ')
  const { route } = findDestination(router, method, path)
  checkOpen(route, method, new Set(features))
  return route.name
}

describe('findDestination', () => {
  it.each([
    ['GET /', 'GET /'],
    ['HEAD /', 'GET /'],
    ['GET /api/2.0/mlflow/runs/get', 'GET {api}/2.0/mlflow/runs/get'],
    ['POST /ajax-api/2.0/mlflow/runs/create', 'POST {api}/2.0/mlflow/runs/create'],
    ['HEAD /get-artifact', 'GET /get-artifact'],
    [
      'HEAD /api/2.0/mlflow-artifacts/artifacts/1/r/f',
      'GET {api}/2.0/mlflow-artifacts/artifacts/{artifact_path:path}',
    ],
  ])('takes %s for %s', (request, name) => {
    expect(find(request)).toBe(name)
  })

  it.each([
    ['SOEN_NOT_FOUND', 'GET /build/index.html'],
    ['SOEN_NOT_FOUND', 'GET /graphql'],
    ['SOEN_NOT_FOUND', 'GET /metrics'],
    ['SOEN_NOT_FOUND', 'GET /api/2.0/mlflow/runs/get/'],
    ['SOEN_NOT_FOUND', 'GET /api/4.0/mlflow/runs/get'],
    ['SOEN_NOT_FOUND', 'POST /api/2.0/mlflow/users/create'],
    ['SOEN_NOT_FOUND', 'GET /signup'],
    ['SOEN_NOT_FOUND', 'POST /api/2.0mlflow/experiments/search-datasets'],
    ['SOEN_METHOD_NOT_ALLOWED', 'GET /api/2.0/mlflow/runs/create'],
    ['SOEN_METHOD_NOT_ALLOWED', 'DELETE /version'],
    ['SOEN_METHOD_NOT_ALLOWED', 'HEAD /api/2.0/mlflow/runs/get'],
    ['SOEN_FEATURE_OFF', 'PUT /ajax-api/3.0/mlflow/assistant/config'],
    ['SOEN_FEATURE_OFF', 'POST /ajax-api/3.0/jobs/'],
    ['SOEN_FEATURE_OFF', 'POST /gateway/openai/v1/responses'],
  ])('says %s to %s', (code, request) => {
    expect(() => find(request)).toThrow(expect.objectContaining({ code }))
  })

  it("has an answer of its own to what MLflow's page asks of parts that are off, and only then", () => {
    const { route } = findDestination(router, 'GET', '/ajax-api/2.0/mlflow/gateway-proxy')
    const answer = answerWhenOff(route, new Set<Feature>(['jobs']))
    expect([answer?.status, answer?.body]).toEqual([200, '{"endpoints":[]}'])
    expect(answerWhenOff(route, new Set<Feature>(['gateway']))).toBeUndefined()
    const other = findDestination(router, 'GET', '/version').route
    expect(answerWhenOff(other, new Set<Feature>())).toBeUndefined()
  })

  it('opens a part that is switched on, and no other', () => {
    expect(find('POST /ajax-api/3.0/jobs/', 'jobs')).toBe('POST /ajax-api/3.0/jobs/')
    expect(() => find('POST /gateway/openai/v1/responses', 'jobs')).toThrow('switched off')
  })
})
