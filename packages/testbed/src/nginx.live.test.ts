import { createServer } from 'node:http'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from './folder.ts'
import { startNginx } from './nginx.ts'

async function serveName(): Promise<string> {
  const folder = temporaryFolder('behind')
  const socketPath = join(folder.path, 'behind.sock')
  const server = createServer((request, response) => response.end(request.headers.host))
  await new Promise<void>((resolve) => server.listen(socketPath, resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
    folder[Symbol.dispose]()
  })
  return socketPath
}

test('an nginx stands before a server, without and with a login', async () => {
  const upstreamSocket = await serveName()
  // As `htpasswd -nbB -C 4 ada secret` writes it.
  const users = ['ada:$2y$04$kuoUBF.JFlw.1YX9v9X2mObhIsxhlcWn40wq7zR3PRw2mYumoScLC']
  await using open = await startNginx({ upstreamSocket })
  await using closed = await startNginx({ upstreamSocket, users })
  const authorization = `Basic ${Buffer.from('ada:secret').toString('base64')}`
  expect(await (await fetch(open.url)).text()).toBe('localhost')
  expect((await fetch(closed.url)).status).toBe(401)
  expect((await fetch(closed.url, { headers: { authorization } })).status).toBe(200)
})
