import { expect, it } from 'vitest'
import { openAuthProxy } from './testing/auth-proxy.ts'
import { basic } from './testing/auth-proxy.ts'
import { sendRaw } from './testing/raw-request.ts'

const artifact = '/api/2.0/mlflow-artifacts/artifacts/1/r/artifacts/page%20%231.html'

it('sends our own spelling of the target and none of the login', async () => {
  await using door = await openAuthProxy()
  await sendRaw(door.port, [
    'GET /%61pi/2.0/mlflow/runs/get?x=1&run%5Fid=%61b HTTP/1.1',
    'host: localhost',
    `authorization: ${basic('ada')}`,
    'cookie: session=1',
    'X_Forwarded_User: admin',
    'x-forwarded-for: 127.0.0.1',
    'x-mlflow-workspace: other',
  ])
  expect(door.upstream.hits).toEqual(['GET /api/2.0/mlflow/runs/get?run_id=ab'])
  expect(door.upstream.requests[0]?.headers).toEqual({
    host: 'localhost',
    connection: 'keep-alive',
    'x-forwarded-for': '127.0.0.1',
  })
})

it('passes a range and its answer through', async () => {
  await using door = await openAuthProxy({
    mlflow: (request, response) =>
      void response
        .writeHead(206, { 'content-range': 'bytes 2-3/10', 'x-asked': request.headers.range })
        .end('cd'),
  })
  const response = await door.fetch(artifact, { headers: { range: 'bytes=2-3' } })
  expect([response.status, await response.text()]).toEqual([206, 'cd'])
  expect(response.headers.get('content-range')).toBe('bytes 2-3/10')
  expect(response.headers.get('x-asked')).toBe('bytes=2-3')
  expect(door.upstream.hits).toEqual([`GET ${artifact}`])
})

it('stops a hostile uploaded page from acting with the login of its reader', async () => {
  await using door = await openAuthProxy({
    mlflow: (_request, response) =>
      void response.setHeader('content-type', 'text/html').end('<script></script>'),
  })
  for (const path of [artifact, '/get-artifact?path=page.html&run_uuid=1']) {
    const { headers } = await door.fetch(path)
    expect(headers.get('content-security-policy')).toBe('sandbox')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  }
  expect((await door.fetch('/')).headers.get('content-security-policy')).toBeNull()
})

it('answers HEAD like GET, without the bytes', async () => {
  await using door = await openAuthProxy({
    mlflow: (_request, response) => void response.setHeader('content-length', '10').end(),
  })
  const response = await door.fetch(artifact, { method: 'HEAD' })
  expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([
    200,
    '10',
    '',
  ])
})

it('passes answers without a body through', async () => {
  await using door = await openAuthProxy({
    mlflow: (_request, response) => void response.writeHead(304).end(),
  })
  expect((await door.fetch('/static-files/main.js')).status).toBe(304)
})

it('answers to the names it was given', async () => {
  await using door = await openAuthProxy({ allowedHosts: ['mlflow.example.org'] })
  const lines = ['GET /version HTTP/1.1', 'host: mlflow.example.org:443', `authorization: ${basic('ada')}`]
  expect((await sendRaw(door.port, lines)).status).toBe(200)
})
