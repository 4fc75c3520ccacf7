import { request } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { basic, openAuthProxy } from '../testing/auth-proxy.ts'
import type { AuthProxy } from '../testing/auth-proxy.ts'

const script = 'console.log("MLflow");'.repeat(200)
const file = '/static-files/static/js/main.c2f5f8d4.js'

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

const openDoor = (): Promise<AuthProxy> =>
  openAuthProxy({
    mlflow(asked, response) {
      if (asked.url?.includes('missing') === true) return response.writeHead(404).end('{}')
      const body = Buffer.from(asked.url?.endsWith('.png') === true ? 'png' : script)
      const type = asked.url?.endsWith('.png') === true ? 'image/png' : 'text/javascript; charset=utf-8'
      response.setHeader('cache-control', 'public, max-age=2419200')
      if (asked.headers.range !== undefined) {
        return response.writeHead(206, { 'content-type': type, 'content-length': 5 }).end(body.subarray(0, 5))
      }
      return response.writeHead(200, { 'content-type': type, 'content-length': body.length }).end(body)
    },
  })

/** A request whose response is not decompressed behind the test's back. */
function get(door: AuthProxy, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(`${door.url}${path}`, { headers: { authorization: basic('vic'), ...headers } }, (response) => {
      void buffer(response).then((body) =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      )
    })
      .on('error', reject)
      .end()
  })
}

it('sends a file with a hash in its name packed, for ever, and fetches it once', async () => {
  await using door = await openDoor()
  const answers = await Promise.all(
    ['br, gzip', 'br', 'gzip'].map((accepted) => get(door, file, { 'accept-encoding': accepted })),
  )
  const [first, second, third] = answers
  expect(answers.map(({ headers }) => headers['content-encoding'])).toEqual(['br', 'br', 'gzip'])
  expect(brotliDecompressSync(first?.body ?? '').toString()).toBe(script)
  expect(second?.body).toEqual(first?.body)
  expect(gunzipSync(third?.body ?? '').toString()).toBe(script)
  expect(first?.headers).toMatchObject({
    'cache-control': 'private, max-age=31536000, immutable',
    'content-type': 'text/javascript; charset=utf-8',
    vary: 'Accept-Encoding',
  })
  await get(door, file, { 'accept-encoding': 'br' })
  expect(door.upstream.hits).toEqual([`GET ${file}`, `GET ${file}`])
})

it('answers a browser that has the file with 304', async () => {
  await using door = await openDoor()
  const { headers } = await get(door, file, { 'accept-encoding': 'br' })
  const again = await get(door, file, {
    'accept-encoding': 'gzip',
    'if-none-match': `"other", ${headers.etag}`,
  })
  expect(again).toMatchObject({ status: 304, body: Buffer.alloc(0) })
  expect(again.headers).toMatchObject({ etag: headers.etag, vary: 'Accept-Encoding' })
})

it('gives none of it to who is not signed in, also when it is in memory', async () => {
  await using door = await openDoor()
  await get(door, file)
  const stranger = await get(door, file, { authorization: basic('vic', 'a guess') })
  expect(stranger.status).toBe(401)
  expect(stranger.body.toString()).not.toContain('console.log')
})

it('hands ranges through untouched', async () => {
  await using door = await openDoor()
  await get(door, file, { 'accept-encoding': 'br' })
  const part = await get(door, file, { 'accept-encoding': 'br', range: 'bytes=0-4' })
  expect(part).toMatchObject({ status: 206, body: Buffer.from(script.slice(0, 5)) })
  expect(part.headers).not.toHaveProperty('content-encoding')
})

it('lets a browser ask again for a file whose name says nothing of its content', async () => {
  await using door = await openDoor()
  for (let times = 0; times < 2; times += 1) {
    const { headers } = await get(door, '/static-files/manifest.json', { 'accept-encoding': 'br' })
    expect(headers['cache-control']).toBe('private, no-cache')
    expect(headers).not.toHaveProperty('content-encoding')
  }
  expect(door.upstream.hits).toHaveLength(2)
})

it('leaves alone what is packed already, and what MLflow does not have', async () => {
  await using door = await openDoor()
  const image = await get(door, '/static-files/static/media/logo.0123456789abcdef.png', {
    'accept-encoding': 'br',
  })
  expect(image).toMatchObject({ status: 200, body: Buffer.from('png') })
  expect(image.headers).not.toHaveProperty('content-encoding')
  expect((await get(door, '/static-files/missing.0123456789abcdef.js')).status).toBe(404)
})
