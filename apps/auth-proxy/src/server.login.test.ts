import { describe, expect, it } from 'vitest'
import { basic, openAuthProxy } from './testing/auth-proxy.ts'

describe('the login', () => {
  it('lets a user with the right password reach MLflow', async () => {
    await using door = await openAuthProxy()
    const response = await door.fetch('/api/2.0/mlflow/experiments/search?max_results=1')
    expect([response.status, await response.json()]).toEqual([200, {}])
    expect(door.upstream.hits).toEqual(['GET /api/2.0/mlflow/experiments/search?max_results=1'])
  })

  it.each([
    ['no password', {}],
    ['a wrong password', { authorization: basic('ada', 'wrong password') }],
    ['an unknown user', { authorization: basic('eve') }],
    ['an empty password', { authorization: basic('ada', '') }],
    [
      'bytes that are no text',
      { authorization: `Basic ${Buffer.from([0xff, 0x3a, 0xff]).toString('base64')}` },
    ],
    ['another scheme', { authorization: 'Bearer abc' }],
    ["the sign-out of MLflow's page", { authorization: basic('mlflow-logged-out-1', 'mlflow-logged-out-1') }],
  ])('answers %s with 401 in the shape of MLflow, and MLflow hears nothing', async (_case, headers) => {
    await using door = await openAuthProxy()
    const response = await fetch(`${door.url}/api/2.0/mlflow/experiments/search`, { headers })
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Basic realm="SOEN MLflow", charset="UTF-8"')
    expect(await response.json()).toMatchObject({
      error_code: 'UNAUTHENTICATED',
      message: expect.any(String),
    })
    expect(door.upstream.hits).toEqual([])
  })

  it('refuses when the check itself fails', async () => {
    const broken = { authenticate: () => Promise.reject(new Error('out of memory')) }
    await using door = await openAuthProxy({ authenticator: broken })
    const response = await door.fetch('/version')
    expect(response.status).toBe(500)
    expect(await response.json()).toMatchObject({ error_code: 'INTERNAL_ERROR' })
    expect(door.upstream.hits).toEqual([])
  })

  it('keeps the cause of a failed check from the client and names it in the log', async () => {
    const broken = { authenticate: () => Promise.reject(new Error('out of memory')) }
    await using door = await openAuthProxy({ authenticator: broken })
    const response = await door.fetch('/version')
    expect(await response.text()).not.toContain('out of memory')
    const line = door.log.find((text) => text.includes('out of memory'))
    expect(line).toContain(response.headers.get('x-request-id'))
  })
})
