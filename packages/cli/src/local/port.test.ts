import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { portError, requireFreePort } from './port.ts'

test('names a port that is taken, and how to choose another', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  await expect(requireFreePort(port)).rejects.toMatchObject({
    code: 'SOEN_PORT_BUSY',
    message: expect.stringContaining(String(port)),
    hint: expect.stringContaining('--port'),
  })
  server.close()
  await once(server, 'close')
  await requireFreePort(port)
})

test.each([
  [80, 'EACCES', 'SOEN_PORT_REFUSED', 'administrators', 'soen up --port 5500.'],
  [80, 'EADDRINUSE', 'SOEN_PORT_BUSY', 'taken', 'soen up --port 5500.'],
  [8080, 'EADDRINUSE', 'SOEN_PORT_BUSY', 'taken', 'soen up --port 8081.'],
  [65_535, 'EADDRINUSE', 'SOEN_PORT_BUSY', 'taken', 'soen up --port 5500.'],
  [8080, 'EPERM', 'SOEN_PORT_REFUSED', "can't be used", 'soen up --port 8081.'],
])('says of port %i and %s why, and names one that can be', (port, errno, code, why, hint) => {
  const error = portError(port, Object.assign(new Error('listen'), { code: errno }))
  expect(error).toMatchObject({
    code,
    message: expect.stringContaining(why),
    hint: expect.stringContaining(hint),
  })
})
