import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { expect, it, vi } from 'vitest'
import { basic, openAuthProxy } from './testing/auth-proxy.ts'

const artifact = '/api/2.0/mlflow-artifacts/artifacts/1/r/artifacts/model.ckpt'
/** Longer than it takes on a machine that is busy with other tests. */
const patience = { timeout: 60_000 }
const mebibyte = Buffer.alloc(1024 * 1024)

/** Sends a request as ada and reads nothing of the response. */
function askWithoutReading(port: number, path: string): Socket {
  const socket = connect(port, '127.0.0.1').pause()
  socket.on('error', () => undefined)
  socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: ${basic('ada')}\r\n\r\n`)
  return socket
}

it('answers others while one user has hundreds of downloads open', async () => {
  await using door = await openAuthProxy({
    mlflow: (request, response) => void (request.url === '/version' && response.end('3.18.0')),
  })
  const downloads = Array.from({ length: 300 }, () => askWithoutReading(door.port, artifact))
  // All that its share allows have reached MLflow.
  await vi.waitFor(() => expect(door.upstream.hits.length).toBeGreaterThan(50), patience)
  const response = await door.fetch('/version', { headers: { authorization: basic('bob') } })
  expect([response.status, await response.text()]).toEqual([200, '3.18.0'])
  for (const socket of downloads) socket.destroy()
})

it('lets others move files while one user moves as many as one may, and goes on when one is over', async () => {
  const answers: (() => void)[] = []
  await using door = await openAuthProxy({
    forwarding: { transfers: { total: 3, perUser: 2 } },
    mlflow: (_request, response) => void answers.push(() => response.end('bytes')),
  })
  const reached = (count: number): Promise<void> =>
    vi.waitFor(() => expect(door.upstream.hits).toHaveLength(count), patience)
  const own = ['1', '2', '3'].map((run) => door.fetch(artifact.replace('/r/', `/${run}/`)))
  await reached(2)
  const other = door.fetch(artifact, { headers: { authorization: basic('bob') } })
  await reached(3)
  answers[0]?.()
  await reached(4)
  for (const answer of answers) answer()
  const all = await Promise.all([...own, other])
  expect(await Promise.all(all.map((response) => response.text()))).toEqual(Array(4).fill('bytes'))
})

it.each([
  ['one user has too many', 'ada', 'SOEN_TOO_MANY_AT_ONCE'],
  ['others have them all', 'bob', 'SOEN_MLFLOW_BUSY'],
])(
  'says that no place became free: %s',
  async (_what, name, code) => {
    await using door = await openAuthProxy({
      forwarding: { transfers: { total: 1, perUser: 1, waitMs: 100 } },
      mlflow: () => undefined,
    })
    const download = askWithoutReading(door.port, artifact)
    await vi.waitFor(() => expect(door.upstream.hits).toHaveLength(1), patience)
    // So large that it has to be read before its sender gets to the response.
    const upload = { method: 'PUT', body: new Uint8Array(8 * mebibyte.length) }
    const response = await door.fetch(artifact, { ...upload, headers: { authorization: basic(name) } })
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({
      error_code: 'TEMPORARILY_UNAVAILABLE',
      message: expect.stringContaining(code),
    })
    expect(door.upstream.hits).toHaveLength(1)
    download.destroy()
  },
  30_000,
)

it('forgets who leaves before the turn comes', async () => {
  await using door = await openAuthProxy({
    forwarding: { calls: { total: 1, perUser: 1 } },
    mlflow: (request, response) => void (request.url === '/version' && response.end('3.18.0')),
  })
  const first = askWithoutReading(door.port, '/api/2.0/mlflow/experiments/search?max_results=1')
  await vi.waitFor(() => expect(door.upstream.hits).toHaveLength(1), patience)
  const second = askWithoutReading(door.port, '/api/2.0/mlflow/experiments/search?max_results=2')
  await once(second, 'connect')
  const third = door.fetch('/version')
  second.destroy()
  await vi.waitFor(() => expect(door.log.join('')).toContain('"brokenOff":true'), patience)
  first.destroy()
  expect(await (await third).text()).toBe('3.18.0')
  expect(door.upstream.hits.filter((hit) => hit.includes('max_results=2'))).toEqual([])
})

it('ends an answer that nobody takes, on both sides, and says so in the log', async () => {
  const ended = Promise.withResolvers<boolean>()
  await using door = await openAuthProxy({
    forwarding: { readerPace: { windowMs: 300, floorBytes: 1000 } },
    mlflow(_request, response) {
      const send = (): void => {
        while (response.write(mebibyte));
      }
      response.on('drain', send).once('close', () => ended.resolve(!response.writableFinished))
      send()
    },
  })
  const socket = askWithoutReading(door.port, artifact)
  expect(await ended.promise).toBe(true)
  await once(socket.resume(), 'close')
  await vi.waitFor(() => expect(door.log.join('')).toContain('"brokenOff":true'), patience)
})

it('holds it against nobody that MLflow sends nothing for the moment', async () => {
  await using door = await openAuthProxy({
    forwarding: { readerPace: { windowMs: 60, floorBytes: 1_000_000 } },
    mlflow(_request, response) {
      response.write(mebibyte)
      setTimeout(() => response.end('the end'), 600)
    },
  })
  const bytes = await (await door.fetch(artifact)).arrayBuffer()
  expect(bytes.byteLength).toBe(mebibyte.length + 'the end'.length)
})
