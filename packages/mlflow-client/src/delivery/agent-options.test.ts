import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { createServer, request, type Server } from 'node:http'
import { createServer as createTlsServer, type ServerOptions } from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeCertificate, type Certificate } from '../testing/certificate.ts'
import { createLazyFetch } from './lazy-fetch.ts'

const stops: (() => void)[] = []
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>
let own: Certificate

beforeEach(async () => {
  folder = await mkdtempDisposable(join(tmpdir(), 'tls-'))
  own = makeCertificate(folder.path, 'server')
})
afterEach(async () => {
  for (const stop of stops.splice(0)) stop()
  await folder[Symbol.asyncDispose]()
})

async function listen(server: Server): Promise<number> {
  stops.push(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function startTls(options: ServerOptions = own): Promise<string> {
  const server = createTlsServer(options, (_, response) => response.end('by TLS'))
  // A connection that the client does not trust is an error here, too.
  server.on('tlsClientError', () => {})
  return `https://127.0.0.1:${await listen(server)}`
}

/** A forward proxy as in company networks, which records what it was asked for. */
async function startProxy(): Promise<{ readonly url: string; readonly asked: string[] }> {
  const asked: string[] = []
  const proxy = createServer((incoming, response) => {
    asked.push(`${incoming.method} ${incoming.url}`)
    const onward = request(
      incoming.url ?? '',
      { method: incoming.method, headers: incoming.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502)
        answer.pipe(response)
      },
    )
    incoming.pipe(onward)
  })
  proxy.on('connect', ({ url = '' }, socket) => {
    asked.push(`CONNECT ${url}`)
    const [host = '', port] = url.split(':')
    const onward = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      socket.pipe(onward).pipe(socket)
    })
    socket.on('error', () => onward.destroy())
    onward.on('error', () => socket.destroy())
    stops.push(() => onward.destroy())
  })
  return { url: `http://127.0.0.1:${await listen(proxy)}`, asked }
}

async function textOf(url: string, env: Record<string, string>, trackingUri = url): Promise<string> {
  const response = await createLazyFetch({ env, trackingUri })(url)
  return await response.text()
}

test('goes by the proxies that the environment names, by no other, and not where NO_PROXY says so', async () => {
  const plain = createServer((incoming, response) => response.end(`plain ${incoming.url}`))
  const url = `http://127.0.0.1:${await listen(plain)}`
  const tls = await startTls()
  const proxy = await startProxy()
  const env = { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url, SSL_CERT_FILE: own.certPath }
  expect(await textOf(`${url}/a`, env)).toBe('plain /a')
  expect(await textOf(tls, env)).toBe('by TLS')
  expect(proxy.asked).toEqual([`GET ${url}/a`, `CONNECT ${new URL(tls).host}`])
  expect(await textOf(url, { ...env, NO_PROXY: '127.0.0.1' })).toBe('plain /')
  expect(await textOf(tls, { ...env, HTTPS_PROXY: '' })).toBe('by TLS')
  expect(proxy.asked).toHaveLength(2)
})

test('a name that only the proxy can find is left to it', async () => {
  const proxy = createServer((incoming, response) => response.end(`for ${incoming.url}`))
  const env = { http_proxy: `http://127.0.0.1:${await listen(proxy)}` }
  expect(await textOf('http://mlflow.invalid/x', env)).toBe('for http://mlflow.invalid/x')
})

test('trusts a certificate that is named, and none that is not', async () => {
  const url = await startTls()
  const other = makeCertificate(folder.path, 'other')
  expect(await textOf(url, { MLFLOW_TRACKING_SERVER_CERT_PATH: own.certPath })).toBe('by TLS')
  expect(await textOf(url, { SSL_CERT_FILE: own.certPath })).toBe('by TLS')
  expect(await textOf(url, { MLFLOW_TRACKING_INSECURE_TLS: 'true' })).toBe('by TLS')
  for (const env of [
    {},
    { MLFLOW_TRACKING_SERVER_CERT_PATH: other.certPath },
    { MLFLOW_TRACKING_INSECURE_TLS: 'false' },
  ])
    await expect(textOf(url, env)).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
})

test('MLflow’s variables speak of its server only, not of an object store', async () => {
  const store = await startTls()
  const tracking = 'https://mlflow.example.org'
  for (const env of [
    { MLFLOW_TRACKING_INSECURE_TLS: 'true' },
    { MLFLOW_TRACKING_SERVER_CERT_PATH: own.certPath },
  ])
    await expect(textOf(store, env, tracking)).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
  expect(await textOf(store, { SSL_CERT_FILE: own.certPath }, tracking)).toBe('by TLS')
})

test('shows its own certificate to a server that asks for one', async () => {
  const person = makeCertificate(folder.path, 'person')
  const both = join(folder.path, 'both.pem')
  await writeFile(both, `${person.key}\n${person.cert}`)
  const url = await startTls({ ...own, ca: person.cert, requestCert: true, rejectUnauthorized: true })
  const env = { MLFLOW_TRACKING_SERVER_CERT_PATH: own.certPath }
  expect(await textOf(url, { ...env, MLFLOW_TRACKING_CLIENT_CERT_PATH: both })).toBe('by TLS')
  await expect(textOf(url, env)).rejects.toThrow()
})

test('names the variable whose file cannot be read', async () => {
  const env = { MLFLOW_TRACKING_SERVER_CERT_PATH: join(folder.path, 'none.pem') }
  await expect(textOf('https://127.0.0.1:9', env)).rejects.toThrow(
    'MLFLOW_TRACKING_SERVER_CERT_PATH names a file',
  )
})

test('a sync goes the same way, and holds the program until there is an answer', async () => {
  const url = await startTls()
  const program = `import { createLazyFetch } from ${JSON.stringify(join(import.meta.dirname, 'lazy-fetch.ts'))}
const fetch = createLazyFetch({ trackingUri: ${JSON.stringify(url)}, keepsAlive: true })
console.log(await (await fetch(${JSON.stringify(url)})).text())`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
    env: { MLFLOW_TRACKING_SERVER_CERT_PATH: own.certPath },
  })
  expect(stdout).toBe('by TLS\n')
})
