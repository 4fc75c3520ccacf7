import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { basic, openAuthProxy } from './testing/auth-proxy.ts'
import type { AuthProxy } from './testing/auth-proxy.ts'

const login = (name: string): string => `authorization: ${basic(name)}`
/** A whole request by the admin, as it would be hidden in another one's body. */
const hidden = [
  'DELETE /api/2.0/mlflow/registered-models/delete HTTP/1.1',
  'host: localhost',
  login('ada'),
  '',
  '',
].join('\r\n')

const head = (...lines: string[]): string => [...lines, '', ''].join('\r\n')
/** The last request on its connection: once it is answered, nothing else can come. */
const farewell = head('GET /farewell HTTP/1.1', 'host: localhost', 'connection: close')

interface Conversation {
  /** Status of each response on this one connection. */
  readonly statuses: readonly number[]
  /** Whether the server ended the connection by itself. */
  readonly isClosed: boolean
}

/** Sends bytes on one connection, then the farewell, and reads to the end. */
async function converse(door: AuthProxy, ...pieces: readonly string[]): Promise<Conversation> {
  const socket = connect(door.port, '127.0.0.1')
  let text = ''
  socket.setEncoding('latin1').on('data', (more: string) => (text += more))
  socket.on('error', () => {})
  const closed = once(socket, 'close')
  for (const piece of pieces) {
    socket.write(piece, 'latin1')
    await delay(20)
  }
  // Before HTTP/1.1 a connection ends with its first response, and further bytes are an error.
  if (pieces.join('').includes('HTTP/1.1')) socket.write(farewell)
  await closed
  const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
  const isFarewell = /HTTP\/1\.1 404 (?:(?!HTTP\/1\.1)[^])*connection: close(?:(?!HTTP\/1\.1)[^])*$/i.test(
    text,
  )
  return isFarewell ? { statuses: statuses.slice(0, -1), isClosed: false } : { statuses, isClosed: true }
}

describe('a request in the body of another', () => {
  it.each([
    ['of nobody', 401, 'POST /api/2.0/mlflow/runs/create', []],
    ['to another host', 403, 'POST /api/2.0/mlflow/runs/create', ['host: evil.example', login('ada')]],
    ['to nowhere', 404, 'POST /api/9.0/nowhere', [login('ada')]],
    ['by another method', 405, 'PROPFIND /version', [login('ada')]],
    ['beyond a role', 403, 'POST /api/2.0/mlflow/runs/create', [login('vic')]],
    ['of another type', 415, 'POST /api/2.0/mlflow/runs/create', [login('ada'), 'content-type: text/plain']],
    ['with a read', 400, 'GET /version', [login('ada')]],
    [
      'that another site sends',
      403,
      'POST /api/2.0/mlflow/runs/create',
      [login('ada'), 'origin: https://evil.example'],
    ],
    [
      'with an upgrade that is ignored',
      400,
      'GET /version',
      [login('ada'), 'upgrade: h2c', 'connection: upgrade'],
    ],
    ['to a tunnel', 405, 'CONNECT localhost:80', [login('ada')]],
  ])('%s is never taken for a request', async (_case, status, target, headers) => {
    await using door = await openAuthProxy()
    const host = headers.some((line) => line.startsWith('host:')) ? [] : ['host: localhost']
    const lines = [`${target} HTTP/1.1`, ...host, ...headers, `content-length: ${hidden.length}`]
    const { statuses } = await converse(door, head(...lines) + hidden)
    expect(statuses).toEqual([status])
    expect(door.upstream.hits).toEqual([])
  })

  it('that goes through is part of the body, up to its last byte', async () => {
    const bodies: string[] = []
    await using door = await openAuthProxy({
      mlflow(request, response) {
        let body = ''
        request.setEncoding('latin1').on('data', (text: string) => (body += text))
        request.once('end', () => {
          bodies.push(body)
          response.end('{}')
        })
      },
    })
    const put = [
      'PUT /api/2.0/mlflow-artifacts/artifacts/1/a/artifacts/f HTTP/1.1',
      'host: localhost',
      login('bob'),
      `content-length: ${hidden.length}`,
    ]
    expect((await converse(door, head(...put) + hidden)).statuses).toEqual([200])
    expect(bodies).toEqual([hidden])
    expect(door.upstream.hits).toHaveLength(1)
  })

  it('that goes through in chunks is part of the body, too', async () => {
    await using door = await openAuthProxy()
    const put = [
      'PUT /api/2.0/mlflow-artifacts/artifacts/1/a/artifacts/f HTTP/1.1',
      'host: localhost',
      login('bob'),
      'transfer-encoding: chunked',
    ]
    const chunk = `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`
    expect((await converse(door, head(...put) + chunk)).statuses).toEqual([200])
    expect(door.upstream.hits).toHaveLength(1)
  })
})

describe('requests on one connection', () => {
  it('are each decided by themselves: a login is good for its own only', async () => {
    await using door = await openAuthProxy()
    const known = head('GET /version HTTP/1.1', 'host: localhost', login('ada'))
    const nobody = head('GET /version HTTP/1.1', 'host: localhost')
    expect((await converse(door, known + nobody + known)).statuses).toEqual([200, 401, 200])
    expect(door.upstream.hits).toHaveLength(2)
  })

  it('get their own answers, in order, however slow the first one is', async () => {
    await using door = await openAuthProxy({
      async mlflow(request, response) {
        if (request.url === '/version') await delay(150)
        response.end('{}')
      },
    })
    const [slow, fast] = ['/version', '/api/3.0/mlflow/server-info'].map((path) =>
      head(`GET ${path} HTTP/1.1`, 'host: localhost', login('ada')),
    )
    expect(
      (
        await converse(
          door,
          `${slow}${head('GET /nowhere HTTP/1.1', 'host: localhost', login('ada'))}${fast}`,
        )
      ).statuses,
    ).toEqual([200, 404, 200])
  })

  it('end with one that cannot be read', async () => {
    await using door = await openAuthProxy()
    const twoLengths = head(
      'POST /api/2.0/mlflow/runs/create HTTP/1.1',
      'host: localhost',
      login('ada'),
      'content-length: 2',
      'content-length: 40',
    )
    const { statuses, isClosed } = await converse(door, `${twoLengths}{}${hidden}`)
    expect([statuses, isClosed, door.upstream.hits]).toEqual([[400], true, []])
  })
})

describe('HTTP/1.0', () => {
  it.each([
    ['without a host', 403, ['GET /version HTTP/1.0', login('ada')], ''],
    ['by nobody', 401, ['GET /version HTTP/1.0', 'host: localhost'], ''],
    [
      'in chunks, which it does not know',
      400,
      [
        'POST /api/2.0/mlflow/runs/create HTTP/1.0',
        'host: localhost',
        login('ada'),
        'content-type: application/json',
        'transfer-encoding: chunked',
      ],
      '2\r\n{}\r\n0\r\n\r\n',
    ],
  ])('%s is refused', async (_case, status, lines, body) => {
    await using door = await openAuthProxy()
    const { statuses } = await converse(door, head(...lines) + body)
    expect([statuses, door.upstream.hits]).toEqual([[status], []])
  })

  it('and HTTP/0.9 has no headers, so it is refused', async () => {
    await using door = await openAuthProxy()
    const { statuses, isClosed } = await converse(door, 'GET /version\r\n\r\n')
    expect([statuses, isClosed, door.upstream.hits]).toEqual([[400], true, []])
  })
})

describe('a request that comes in pieces', () => {
  it('is read as one, wherever it is cut', async () => {
    await using door = await openAuthProxy()
    const known = head('GET /version HTTP/1.1', 'host: localhost', login('ada'))
    const cuts = [1, 5, known.indexOf('\r'), known.length - 1]
    for (const cut of cuts) {
      expect((await converse(door, known.slice(0, cut), known.slice(cut))).statuses).toEqual([200])
    }
    expect(door.upstream.hits).toHaveLength(cuts.length)
  })
})
