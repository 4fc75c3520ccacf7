import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { figure, quantile } from '@soen/testbed'
import type { Figure } from '@soen/testbed'
import { Pool } from 'undici'
import type { Effort } from './calls.ts'
import { costlyCalls } from './costly-bodies.ts'
import { serveDoor } from './door.ts'
import type { ServedDoor } from './door.ts'
import { startStub } from './stub.ts'

const sender = fileURLToPath(new URL('send-costly.ts', import.meta.url))
const path = '/api/2.0/mlflow/experiments/get?experiment_id=0'

/** How long others wait while one user keeps sending the costliest accepted body, one figure for each such body. */
export async function measureNeighbour({ warmUpMs, roundMs }: Effort): Promise<Figure[]> {
  await using stub = await startStub()
  await using door = await serveDoor(stub.socketPath)
  const figures: Figure[] = []
  await waits(door, warmUpMs)
  for (const { name } of costlyCalls()) {
    const alone = await waits(door, roundMs)
    const neighbour = spawn(process.execPath, [sender, door.url, name], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, SOEN_BENCH_AUTHORIZATION: door.byNeighbour },
    })
    const [said] = await Promise.race([once(neighbour.stdout, 'data'), once(neighbour, 'exit')])
    if (!Buffer.isBuffer(said)) throw new Error(`${name} was not accepted.`)
    const beside = await waits(door, roundMs)
    if (neighbour.exitCode !== null) throw new Error(`${name} was not accepted again.`)
    neighbour.kill()
    await once(neighbour, 'exit')
    figures.push(
      figure({
        name: `p99 beside ${name}`,
        value: beside,
        unit: 'ms',
        peer: { name: 'without', value: alone },
        goal: { of: 'ratio', atMost: 3 },
      }),
    )
  }
  return figures
}

/** The 99th percentile of a call's duration in ms, for eight users who each send some hundred calls a second. */
async function waits(door: ServedDoor, forMs: number): Promise<number> {
  const pool = new Pool(door.url, { connections: 8 })
  const durations: number[] = []
  const startedAt = performance.now()
  const ask = async (): Promise<void> => {
    for (let before = performance.now(); before - startedAt < forMs; before = performance.now()) {
      const { body } = await pool.request({ path, method: 'GET', headers: { authorization: door.byToken } })
      await body.dump()
      durations.push(performance.now() - before)
      await sleep(10)
    }
  }
  await Promise.all(Array.from({ length: 8 }, ask))
  await pool.destroy()
  return quantile(durations, 0.99)
}
