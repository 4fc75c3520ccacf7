// A server that listens, prints its port, and then never does anything again.
import { once } from 'node:events'
import { writeSync } from 'node:fs'
import { createServer } from 'node:net'

const server = createServer()
await once(server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }), 'listening')
const address = server.address()
writeSync(1, String(typeof address === 'object' ? address?.port : ''))
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
