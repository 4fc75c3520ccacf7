import { createSocket } from 'node:dgram'
import { isIPv6 } from 'node:net'

/** Longer than any name server takes that is worth waiting for. */
const ANSWER_MS = 3000
const DNS_PORT = 53
/** RFC 1035: one question, recursion desired. */
const ONE_QUESTION = [0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0]
const ADDRESS_IN_INTERNET = [0, 0, 1, 0, 1]

/**
 * Whether any name server answers a question, whatever the answer. Never keeps the process alive.
 *
 * @param servers - in Node's form: `10.0.0.53`, `127.0.0.1:5353`, `::1` or `[::1]:5353`
 * @returns true also where it cannot be determined: without servers, or where none can be sent to
 */
export async function someNameServerAnswers(
  hostname: string,
  servers: readonly string[],
  { timeoutMs = ANSWER_MS }: { readonly timeoutMs?: number } = {},
): Promise<boolean> {
  if (servers.length === 0) return true
  const stop = new AbortController()
  const timeout = new Promise<boolean>((resolve) => {
    setTimeout(() => resolve(false), timeoutMs).unref()
  })
  try {
    return await Promise.race([timeout, ...servers.map((server) => ask(hostname, server, stop.signal))])
  } finally {
    stop.abort()
  }
}

async function ask(hostname: string, server: string, signal: AbortSignal): Promise<boolean> {
  const { address, port } = parseServer(server)
  const question = questionFor(hostname)
  const socket = createSocket({ type: isIPv6(address) ? 'udp6' : 'udp4', signal }).unref()
  return await new Promise((resolve) => {
    // The answer has the same id as its question.
    socket.on('message', (answer) => answer.subarray(0, 2).equals(question.subarray(0, 2)) && resolve(true))
    // If it cannot be determined here, it is left to the system.
    socket.on('error', () => resolve(true))
    socket.send(question, port, address)
  })
}

function questionFor(hostname: string): Buffer {
  const labels = hostname.split('.').filter((label) => label !== '')
  const id = Math.floor(Math.random() * 0x1_00_00)
  return Buffer.concat([
    Buffer.from([id >> 8, id & 0xff, ...ONE_QUESTION]),
    ...labels.map((label) => Buffer.from([label.length, ...Buffer.from(label)])),
    Buffer.from(ADDRESS_IN_INTERNET),
  ])
}

function parseServer(server: string): { readonly address: string; readonly port: number } {
  const [, bracketed, plain, port] = /^(?:\[(.+)\]|([^:]+)):(\d+)$/.exec(server) ?? []
  return { address: bracketed ?? plain ?? server, port: port === undefined ? DNS_PORT : Number(port) }
}
