import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { requireFreePort } from './port.ts'

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
