import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { Agent, request } from 'undici'
import { basic, testPassword } from '../auth-proxy.ts'

/** What hostile neighbours know of the front door: its address, and their own credentials. */
export interface Neighbourhood {
  readonly url: string
  /** Bearer of a viewer. */
  readonly viewer: string
  /** Bearer of a member, who has one run. */
  readonly member: string
  readonly memberRun: string
  /** The user whom unauthenticated attackers impersonate. */
  readonly victim: string
}

/** Repeats one attack until it is aborted; notes the status of each response. */
export type Attack = (site: Neighbourhood, over: AbortSignal, note: (status: number) => void) => Promise<void>

/** Every kind of attack, and how many of each run at once. */
export const attacks: Readonly<Record<string, { readonly loops: number; readonly attack: Attack }>> = {
  'a new wrong password each time': { loops: 40, attack: guessAnew },
  'the same wrong password each time': { loops: 30, attack: guessAgain },
  'a search sorted by ten million nothings': { loops: 2, attack: sendAgain(manyNothings) },
  'the largest batch of MLflow': { loops: 2, attack: sendAgain(fullBatch) },
  'traces that unpack to a thousand times their size': { loops: 2, attack: sendAgain(packedTraces) },
  'an upload that hardly moves': { loops: 128, attack: uploadSlowly },
  'a request that never ends its headers': { loops: 60, attack: openSlowly },
}

/** Each attacker has an address of its own: all of 127.0.0.0/8 is this machine. */
let machines = 1
function newMachine(): { readonly agent: Agent; readonly address: string } {
  machines += 1
  const address = `127.9.${machines >> 8}.${machines & 255}`
  return { address, agent: new Agent({ localAddress: address, connections: 1 }) }
}

interface Ask {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Buffer
}

/** Sends a request; counts a broken connection as 0. */
async function ask(agent: Agent, url: string, { path, ...rest }: Ask, signal: AbortSignal): Promise<number> {
  try {
    const { statusCode, body } = await request(url + path, { ...rest, dispatcher: agent, signal })
    await body.dump()
    return statusCode
  } catch {
    return 0
  }
}

const experiment = '/api/2.0/mlflow/experiments/get?experiment_id=0'

async function guess(
  site: Neighbourhood,
  over: AbortSignal,
  note: (status: number) => void,
  password: () => string,
): Promise<void> {
  const { agent } = newMachine()
  const names = [site.victim, 'ada', 'nobody-of-that-name']
  for (let turn = 0; !over.aborted; turn += 1) {
    const authorization = basic(names[turn % names.length] ?? '', password())
    note(await ask(agent, site.url, { method: 'GET', path: experiment, headers: { authorization } }, over))
  }
  await agent.destroy()
}

function guessAnew(...[site, over, note]: Parameters<Attack>): Promise<void> {
  return guess(site, over, note, () => randomBytes(12).toString('hex'))
}

function guessAgain(...[site, over, note]: Parameters<Attack>): Promise<void> {
  return guess(site, over, note, () => `${testPassword}?`)
}

function sendAgain(make: (site: Neighbourhood) => Promise<Ask>): Attack {
  return async (site, over, note) => {
    const { agent } = newMachine()
    const what = await make(site)
    while (!over.aborted) note(await ask(agent, site.url, what, over))
    await agent.destroy()
  }
}

const json = { 'content-type': 'application/json' }

async function manyNothings({ viewer }: Neighbourhood): Promise<Ask> {
  const body = Buffer.from(`{"experiment_ids":["0"],"order_by":[${'{},'.repeat(1e7)}{}]}`)
  return {
    method: 'POST',
    path: '/api/2.0/mlflow/runs/search',
    headers: { ...json, authorization: viewer },
    body,
  }
}

async function fullBatch({ member, memberRun }: Neighbourhood): Promise<Ask> {
  const metrics = Array.from({ length: 900 }, (_, step) => ({
    key: `m${step % 100}`,
    value: step,
    timestamp: 1e12,
    step,
  }))
  const tags = Array.from({ length: 100 }, (_, index) => ({ key: `t${index}`, value: 'x'.repeat(8000) }))
  const body = Buffer.from(JSON.stringify({ run_id: memberRun, metrics, tags, params: [] }))
  return {
    method: 'POST',
    path: '/api/2.0/mlflow/runs/log-batch',
    headers: { ...json, authorization: member },
    body,
  }
}

async function packedTraces({ member }: Neighbourhood): Promise<Ask> {
  const body = await promisify(gzip)(Buffer.alloc(256e6))
  const headers = {
    'content-type': 'application/x-protobuf',
    'content-encoding': 'gzip',
    'x-mlflow-experiment-id': '0',
    authorization: member,
  }
  return { method: 'POST', path: '/v1/traces', headers, body }
}

/** Holds a connection open until the other end or the test closes it. */
async function holdOpen(
  { url }: Neighbourhood,
  over: AbortSignal,
  { head, bit }: { readonly head: string; readonly bit: string },
): Promise<void> {
  const { address } = newMachine()
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), localAddress: address })
  socket.on('error', () => {}).resume()
  socket.write(head)
  while (!over.aborted && !socket.destroyed) {
    await sleep(500)
    socket.write(bit)
  }
  socket.destroy()
}

async function uploadSlowly(...[site, over, note]: Parameters<Attack>): Promise<void> {
  while (!over.aborted) {
    const path = `/api/2.0/mlflow-artifacts/artifacts/0/${site.memberRun}/artifacts/${randomBytes(4).toString('hex')}`
    const lines = [
      `PUT ${path} HTTP/1.1`,
      'host: 127.0.0.1',
      `authorization: ${site.member}`,
      'content-length: 99999999',
    ]
    // Just above the minimum rate of an upload.
    await holdOpen(site, over, { head: `${lines.join('\r\n')}\r\n\r\n`, bit: 'x'.repeat(700) })
    note(0)
  }
}

async function openSlowly(...[site, over, note]: Parameters<Attack>): Promise<void> {
  while (!over.aborted) {
    await holdOpen(site, over, {
      head: `GET ${experiment} HTTP/1.1\r\nhost: 127.0.0.1\r\n`,
      bit: 'x-a: b\r\n',
    })
    note(0)
  }
}
