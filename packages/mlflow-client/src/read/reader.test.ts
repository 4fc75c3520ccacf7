import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { testSettings } from '../testing/settings.ts'
import { createReader } from './reader.ts'

interface Artifact {
  readonly listed: { readonly path: string; readonly is_dir?: boolean; readonly file_size?: number }
  readonly bytes?: string
}

/** A server with one run and some artifacts; the first request of each path is answered with 503. */
async function startServer(artifacts: readonly Artifact[]): Promise<string> {
  const seen = new Set<string>()
  const server = createServer(({ url = '' }, response) => {
    const { pathname } = new URL(url, 'http://server')
    if (!seen.has(pathname)) {
      seen.add(pathname)
      return response.writeHead(503).end()
    }
    if (pathname.endsWith('/runs/get'))
      return response.end(
        JSON.stringify({
          run: { info: { run_id: 'r', artifact_uri: 'mlflow-artifacts:/1/r/artifacts' }, data: {} },
        }),
      )
    if (pathname.endsWith('/artifacts/list'))
      return response.end(JSON.stringify({ root_uri: 'x', files: artifacts.map(({ listed }) => listed) }))
    const found = artifacts.find(({ listed }) => pathname.endsWith(`/${encodeURIComponent(listed.path)}`))
    return response.end(found?.bytes ?? '')
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function readerOf(artifacts: readonly Artifact[]) {
  const folder = await mkdtempDisposable(join(tmpdir(), 'reader-'))
  onTestFinished(() => folder[Symbol.asyncDispose]())
  const settings = testSettings(await startServer(artifacts), join(folder.path, 'spool'))
  return { to: join(folder.path, 'to'), reader: createReader({ settings }) }
}

test('asks again where the server is away for a moment', async () => {
  const { reader } = await readerOf([])
  expect(await reader.run('r')).toMatchObject({ id: 'r', metrics: {}, params: {}, datasets: [] })
})

test('a file that comes shorter than it is listed is not left behind', async () => {
  const { reader, to } = await readerOf([{ listed: { path: 'a.txt', file_size: 5 }, bytes: 'abc' }])
  await expect(reader.download('r', '', to)).rejects.toMatchObject({
    code: 'SOEN_SERVER_UNREACHABLE',
    message: 'The artifact a.txt was not downloaded: 3 of 5 bytes came.',
  })
  expect(readdirSync(to)).toEqual([])
})

test.each(['../outside.txt', '/etc/passwd', 'a/../../b', 'a\\b', 'a//b'])(
  'nothing is written for an artifact that the server names %s',
  async (path) => {
    const { reader, to } = await readerOf([{ listed: { path, file_size: 1 }, bytes: 'x' }])
    await expect(reader.download('r', '', to)).rejects.toThrow('The server names an artifact')
    expect(existsSync(to)).toBe(false)
  },
)

test('a file is downloaded by its name, and one that is not there is said', async () => {
  const { reader, to } = await readerOf([
    { listed: { path: 'a.txt', file_size: 3 }, bytes: 'abc' },
    { listed: { path: 'b.txt', file_size: 3 }, bytes: 'def' },
  ])
  expect(await reader.download('r', 'a.txt', to)).toEqual([join(to, 'a.txt')])
  expect(readFileSync(join(to, 'a.txt'), 'utf8')).toBe('abc')
  expect(readdirSync(to)).toEqual(['a.txt'])
  await expect(reader.download('r', '../a.txt', to)).rejects.toThrow('Invalid path')
})

test('there is no reader of a client that logs nowhere', () => {
  expect(() => createReader({ settings: { active: false, reason: 'a test' } })).toThrow('logging is disabled')
})
