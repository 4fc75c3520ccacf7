import type { Dispatcher } from 'undici'
import { expect, it } from 'vitest'
import { openUpstream } from './forward/upstream.ts'
import { listenOn } from './http/listen.ts'
import { buildServer } from './server.ts'
import { basic, openAuthProxy, testAuthenticator } from './testing/auth-proxy.ts'
import { startFakeUpstream } from './testing/fake-upstream.ts'

const file = '/api/2.0/mlflow-artifacts/artifacts/1/r/artifacts/f'
const setTag = '/api/2.0/mlflow/runs/set-tag'
const tag = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: '{"run_id":"a","key":"k","value":"v"}',
}

it('sends nothing on a connection that an upload was on, which may break off later', async () => {
  await using door = await openAuthProxy({
    mlflow(request, response) {
      if (request.method === 'GET') return response.writeHead(404).end()
      if (request.method !== 'PUT') return request.resume().once('end', () => response.end('{}'))
      // As MLflow does where it cannot write the file: it responds, reads nothing, and drops the connection.
      response.writeHead(500).end('{}')
      return setTimeout(() => request.socket.destroy(), 5)
    },
  })
  for (let turn = 0; turn < 10; turn += 1) {
    expect((await door.fetch(file, { method: 'PUT', body: 'x'.repeat(1000) })).status).toBe(500)
    expect((await door.fetch(setTag, tag)).status).toBe(200)
  }
  const { requests } = door.upstream
  const isUsedAgain = requests.map(({ method, socket }, at) => {
    return method === 'PUT' && requests.slice(at + 1).some((later) => later.socket === socket)
  })
  expect(isUsedAgain).toEqual(requests.map(() => false))
})

it.each([
  ['again where nothing of it can have arrived', 'EPIPE', 200, 1],
  ['never twice where it may have arrived', 'ECONNRESET', 502, 0],
])('sends a change %s', async (_what, code, status, hits) => {
  await using mlflow = await startFakeUpstream()
  let broken = 0
  const upstream = openUpstream(`unix:${mlflow.socketPath}`)
  const breaking: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
    if (options.path !== setTag || broken > 0) return dispatch(options, handler)
    broken += 1
    const error = Object.assign(new Error('write'), { code })
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing is to be controlled any more
    queueMicrotask(() => handler.onResponseError?.({} as Dispatcher.DispatchController, error))
    return true
  }
  const server = buildServer({
    upstream: upstream.compose(breaking),
    authenticator: await testAuthenticator(),
  })
  const url = await listenOn(server, { host: '127.0.0.1', port: 0 })
  const answer = await fetch(url + setTag, {
    ...tag,
    headers: { ...tag.headers, authorization: basic('ada') },
  })
  expect(answer.status).toBe(status)
  expect(mlflow.hits).toHaveLength(hits)
  await server[Symbol.asyncDispose]()
  await upstream.destroy()
})
