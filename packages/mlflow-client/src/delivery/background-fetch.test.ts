import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { afterEach, expect, test } from 'vitest'
import { createBackgroundFetch } from './background-fetch.ts'

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

async function serve(listener: RequestListener): Promise<{ url: string; connections: () => number }> {
  let connections = 0
  const server = createServer(listener).on('connection', () => (connections += 1))
  stops.push(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    connections: () => connections,
  }
}

async function echo(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await buffer(request)
  response.setHeader('x-length', request.headers['content-length'] ?? 'none')
  response.end(`${request.method} ${request.url} ${body.toString()}`)
}

test('sends texts and blobs with their length, on one connection', async () => {
  const { url, connections } = await serve((request, response) => void echo(request, response))
  const fetch = createBackgroundFetch()
  const said: string[] = []
  for (const body of ['größe', new Blob(['12', '345']), new Blob([]), undefined]) {
    const method = body === undefined ? 'GET' : 'PUT'
    const response = await fetch(`${url}/a?b=c`, { method, ...(body !== undefined && { body }) })
    said.push(`${response.status} ${response.headers.get('x-length')} ${await response.text()}`)
  }
  expect(said).toEqual([
    '200 7 PUT /a?b=c größe',
    '200 5 PUT /a?b=c 12345',
    '200 0 PUT /a?b=c ',
    '200 none GET /a?b=c ',
  ])
  expect(connections()).toBe(1)
})

test('hands over redirects, empty answers and every header as they are', async () => {
  const { url } = await serve((request, response) => {
    response.statusCode = request.url === '/moved' ? 302 : 204
    response.setHeader('location', '/elsewhere')
    response.setHeader('x-many', ['a', 'b'])
    response.end()
  })
  const fetch = createBackgroundFetch()
  const moved = await fetch(`${url}/moved`)
  expect([moved.status, moved.headers.get('location'), moved.headers.get('x-many')]).toEqual([
    302,
    '/elsewhere',
    'a, b',
  ])
  expect([(await fetch(url)).status, await (await fetch(url)).text()]).toEqual([204, ''])
})

test('fails when the connection is cut before the answer, in it, and when it is told to stop', async () => {
  const { url } = await serve((request, response) => {
    if (request.url === '/cut') request.socket.destroy()
    else if (request.url === '/middle') response.writeHead(200, { 'content-length': 10 }).write('12345')
    if (request.url === '/middle') setImmediate(() => request.socket.destroy())
  })
  const fetch = createBackgroundFetch()
  await expect(fetch(`${url}/cut`)).rejects.toThrow('socket hang up')
  const half = await fetch(`${url}/middle`)
  await expect(half.text()).rejects.toThrow('aborted')
  const stop = new AbortController()
  const silent = fetch(`${url}/silent`, { signal: stop.signal })
  setImmediate(() => stop.abort())
  await expect(silent).rejects.toMatchObject({ name: 'AbortError' })
})

test('refuses bodies whose length it does not know', async () => {
  const form = new URLSearchParams({ a: 'b' })
  await expect(createBackgroundFetch()('http://127.0.0.1:9', { method: 'POST', body: form })).rejects.toThrow(
    'Only texts',
  )
})
