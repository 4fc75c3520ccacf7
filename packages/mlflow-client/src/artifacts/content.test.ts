import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { appendFile, mkdtempDisposable, truncate, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createBackgroundFetch } from '../delivery/background-fetch.ts'
import { putArtifact } from '../rest/artifacts.ts'
import { createTransport } from '../rest/transport.ts'
import { contentOf } from './content.ts'

const nothing = Buffer.alloc(0)

let folder: Awaited<ReturnType<typeof mkdtempDisposable>>
let file: string
let server: Server
let trackingUri: string
let received: { length: string | undefined; coding: string | undefined; bytes: Buffer }[]

beforeEach(async () => {
  folder = await mkdtempDisposable(join(tmpdir(), 'content-'))
  file = join(folder.path, 'weights')
  received = []
  server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server that listens has this kind of address
  trackingUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await folder[Symbol.asyncDispose]()
})

/** Answers 413 to a request that announces more than a gigabyte. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { 'content-length': length, 'transfer-encoding': coding } = request.headers
  const isLarge = Number(length) > 1e9
  received.push({ length, coding, bytes: isLarge ? nothing : await buffer(request).catch(() => nothing) })
  response.writeHead(isLarge ? 413 : 200).end('{}')
}

const ways = [
  ['the platform’s fetch', globalThis.fetch],
  ['the fetch in the background', createBackgroundFetch()],
] as const

async function put(fetch: typeof globalThis.fetch, sizeBytes: number): Promise<void> {
  await putArtifact(createTransport({ trackingUri, fetch }), {
    artifactUri: 'mlflow-artifacts:/1/run/artifacts',
    path: 'weights',
    content: contentOf(file, sizeBytes),
  })
}

test.each(ways)('goes by %s with its length, none and many bytes alike', async (_, fetch) => {
  const bytes = Buffer.alloc(3_000_001, 'abc')
  await writeFile(file, bytes)
  await put(fetch, bytes.length)
  await put(fetch, 0)
  expect(received.map(({ length, coding }) => [length, coding])).toEqual([
    ['3000001', undefined],
    ['0', undefined],
  ])
  expect(received[0]?.bytes.equals(bytes)).toBe(true)
})

test.each(ways)('goes by %s with the whole length where that needs more than 32 bits', async (_, fetch) => {
  await writeFile(file, '')
  await truncate(file, 5_000_000_000)
  await expect(put(fetch, 5_000_000_000)).rejects.toThrow()
  expect(received.map(({ length }) => length)).toEqual(['5000000000'])
})

test.each(ways)('is cut where a file has grown, and fails by %s where it has shrunk', async (_, fetch) => {
  await writeFile(file, 'abc')
  await appendFile(file, 'def')
  await put(fetch, 3)
  expect(String(received[0]?.bytes)).toBe('abc')
  await expect(put(fetch, 7)).rejects.toMatchObject({ retryable: true })
})

test('is read from the beginning each time', async () => {
  await writeFile(file, 'abc')
  const content = contentOf(file, 3)
  expect([String(await buffer(content.stream())), String(await buffer(content.stream()))]).toEqual([
    'abc',
    'abc',
  ])
})
