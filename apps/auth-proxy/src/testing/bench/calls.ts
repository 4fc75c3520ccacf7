import { figure, startMlflow, startNginx } from '@soen/testbed'
import type { Figure, Measured } from '@soen/testbed'
import { Client } from 'undici'
import { benchPassword, serveDoor } from './door.ts'
import { compareLoad } from './load.ts'
import type { Sample, Target } from './load.ts'
import { startStub } from './stub.ts'

/** How long to measure. */
export interface Effort {
  readonly warmUpMs: number
  readonly rounds: number
  readonly roundMs: number
}

/** `benchPassword` of ada at a cost of 10, the recommended minimum: `htpasswd -nbB -C 10`. */
const bcryptLine = 'ada:$2y$10$GliNRHs146g7jpy9TlPYyeQ8UjYiNVytVvCpVcgMyGFo205GR0oli'
const call = '/api/2.0/mlflow/experiments/get?experiment_id=0'
/** Passes the same stages of the front door, and MLflow answers it without its database. */
const quickCall = '/version'

/**
 * API calls to the same real MLflow: through the front door, through nginx with and without basic auth, and with
 * MLflow's own.
 */
export async function measureCalls(socketPath: string, effort: Effort): Promise<Figure[]> {
  await using door = await serveDoor(socketPath)
  await using nginx = await startNginx({ upstreamSocket: socketPath })
  await using nginxLogin = await startNginx({ upstreamSocket: socketPath, users: [bcryptLine] })
  await using guarded = await startMlflow({ workers: 2, basicAuthPassword: benchPassword })
  await addMember(guarded.socketPath)
  const targets = [
    { name: 'by token', url: door.url, headers: { authorization: door.byToken } },
    { name: 'by password', url: door.url, headers: { authorization: door.byPassword } },
    { name: 'nginx', url: nginx.url },
    { name: 'nginx with bcrypt', url: nginxLogin.url, headers: { authorization: door.byPassword } },
    {
      name: "MLflow's basic-auth",
      url: 'http://localhost',
      socketPath: guarded.socketPath,
      headers: { authorization: door.byPassword },
    },
  ] as const satisfies readonly Target[]
  const [token, password, plain, bcrypt, own] = await compareLoad(targets, {
    path: call,
    warmUpPath: quickCall,
    connections: 8,
    ...effort,
  })
  const alone = await compareLoad([targets[0], targets[2]] as const, {
    path: call,
    warmUpPath: quickCall,
    connections: 1,
    ...effort,
  })
  return [
    throughput('API calls by token', token, { name: 'nginx, no login', sample: plain }, 0.95),
    throughput('API calls by password', password, { name: 'nginx, no login', sample: plain }, 0.95),
    throughput('API calls by password', password, { name: 'nginx, bcrypt', sample: bcrypt }, 2),
    throughput('API calls by password', password, { name: "MLflow's basic-auth", sample: own }, 50),
    figure({
      name: 'one API call, p50',
      unit: 'ms',
      value: alone[0].p50Ms,
      peer: {
        name: 'nginx, no login',
        value: alone[1].p50Ms,
      },
      goal: {
        of: 'ratio',
        atMost: 1.1,
      },
    }),
  ]
}

/** Adds ada to MLflow's own basic auth, without special rights, as most users are. */
async function addMember(socketPath: string): Promise<void> {
  const client = new Client('http://localhost', { socketPath })
  const { statusCode, body } = await client.request({
    path: '/api/2.0/mlflow/users/create',
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(`admin:${benchPassword}`).toString('base64')}`,
    },
    body: JSON.stringify({
      username: 'ada',
      password: benchPassword,
    }),
  })
  const answer = await body.text()
  await client.close()
  if (statusCode !== 200) throw new Error(`ada could not be made a user: ${answer}`)
}

/** The front door's own limit: the same calls with a stub that answers at once in MLflow's place. */
export async function measureStub(effort: Effort): Promise<Figure[]> {
  await using stub = await startStub()
  await using door = await serveDoor(stub.socketPath)
  await using nginx = await startNginx({ upstreamSocket: stub.socketPath })
  const targets = [
    { name: 'by token', url: door.url, headers: { authorization: door.byToken } },
    { name: 'nginx', url: nginx.url },
    { name: 'direct', url: 'http://localhost', socketPath: stub.socketPath },
  ] as const satisfies readonly Target[]
  const load = { path: call, connections: 16, ...effort }
  const [oursAtFirst, plainAtFirst] = await compareLoad(targets, { ...load, warmUpMs: 0, rounds: 1 })
  const [ours, plain, direct] = await compareLoad(targets, load)
  return [
    throughput('stub upstream, first seconds', oursAtFirst, {
      name: 'nginx, one worker',
      sample: plainAtFirst,
    }),
    throughput('stub upstream', ours, { name: 'nginx, one worker', sample: plain }, 0.5),
    throughput('stub upstream', ours, { name: 'the same socket, direct', sample: direct }),
  ]
}

function throughput(
  name: string,
  { perSecond }: Sample,
  peer: { readonly name: string; readonly sample: Sample },
  atLeast?: number,
): Figure {
  const measured: Measured = {
    name,
    value: perSecond,
    unit: 'requests/s',
    peer: {
      name: peer.name,
      value: peer.sample.perSecond,
    },
  }
  return figure(atLeast === undefined ? measured : { ...measured, goal: { of: 'ratio', atLeast } })
}
