import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { figure, quantile, startMlflow, startNginx } from '@soen/testbed'
import type { Figure } from '@soen/testbed'
import { Client } from 'undici'
import { serveDoor } from './door.ts'

/** How many bytes each way, and how many rounds. */
export interface StreamEffort {
  readonly bytes: number
  readonly rounds: number
}

interface Lane {
  readonly client: Client
  readonly headers: Readonly<Record<string, string>>
}

const chunk = Buffer.alloc(256 * 1024, 'soen')
const paths = ['one', 'two'].map((name) => `/api/2.0/mlflow-artifacts/artifacts/bench/${name}.bin`)

/**
 * Two large artifacts at once, one up and one down: through the front door, directly to the same MLflow, and through
 * nginx.
 */
export async function measureStreams({ bytes, rounds }: StreamEffort): Promise<Figure[]> {
  await using mlflow = await startMlflow({ workers: 2 })
  await using door = await serveDoor(mlflow.socketPath)
  await using nginx = await startNginx({ upstreamSocket: mlflow.socketPath })
  const through = (): Lane => ({ client: new Client(door.url), headers: { authorization: door.byToken } })
  const direct = (): Lane => ({
    client: new Client('http://localhost', { socketPath: mlflow.socketPath }),
    headers: {},
  })
  const throughNginx = (): Lane => ({ client: new Client(nginx.url), headers: {} })
  const lanes = [through, direct, throughNginx]
  const rates = { up: lanes.map((): number[] => []), down: lanes.map((): number[] => []) }
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, lane] of lanes.entries()) {
      rates.up[index]?.push(await rate(lane, bytes, upload))
      rates.down[index]?.push(await rate(lane, bytes, download))
    }
  }
  const gigabytes = `${(bytes / 1e9).toFixed(1)} GB`
  return [
    ...beside(`two uploads of ${gigabytes} at once`, rates.up),
    ...beside(`two downloads of ${gigabytes} at once`, rates.down),
    figure({
      name: 'most memory meanwhile',
      unit: 'MB',
      value: (await door.peakRss()) / 1e6,
      peer: {
        name: 'limit',
        value: 200,
      },
      goal: {
        of: 'value',
        atMost: 200,
      },
    }),
  ]
}

/** The front door's rates beside a direct connection and nginx, which shows what any hop costs on this machine. */
function beside(name: string, [ours = [], direct = [], nginx = []]: number[][]): Figure[] {
  const mine = { name, unit: 'MB/s', value: quantile(ours, 0.5) }
  return [
    figure({
      ...mine,
      peer: { name: 'the same socket, direct', value: quantile(direct, 0.5) },
      goal: { of: 'ratio', atLeast: 0.9 },
    }),
    figure({ ...mine, peer: { name: 'nginx, no login', value: quantile(nginx, 0.5) } }),
  ]
}

/** Megabytes per second of both transfers together. */
async function rate(
  open: () => Lane,
  bytes: number,
  transfer: (lane: Lane, path: string, bytes: number) => Promise<void>,
): Promise<number> {
  const lanes = paths.map((path) => ({ lane: open(), path }))
  const startedAt = performance.now()
  await Promise.all(lanes.map(({ lane, path }) => transfer(lane, path, bytes)))
  const seconds = (performance.now() - startedAt) / 1000
  for (const { lane } of lanes) await lane.client.close()
  return (paths.length * bytes) / 1e6 / seconds
}

async function upload({ client, headers }: Lane, path: string, bytes: number): Promise<void> {
  const { statusCode, body } = await client.request({
    path,
    method: 'PUT',
    headers: {
      ...headers,
      'content-length': String(bytes),
    },
    body: Readable.from(chunksOf(bytes)),
  })
  await body.dump()
  if (statusCode !== 200) throw new Error(`The upload was answered with ${statusCode}.`)
}

function* chunksOf(bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= chunk.length) {
    yield left < chunk.length ? chunk.subarray(0, left) : chunk
  }
}

async function download({ client, headers }: Lane, path: string, bytes: number): Promise<void> {
  let received = 0
  const { statusCode, body } = await client.request({ path, method: 'GET', headers })
  await pipeline(
    body,
    new Writable({
      write(data: Buffer, _encoding, done) {
        received += data.length
        done()
      },
    }),
  )
  if (statusCode !== 200 || received !== bytes) {
    throw new Error(`The download gave ${received} of ${bytes} bytes (${statusCode}).`)
  }
}
