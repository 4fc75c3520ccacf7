import { quantile } from '@soen/testbed'
import { Pool } from 'undici'

/** Where requests go, and with which headers. */
export interface Target {
  readonly name: string
  readonly url: string
  /** A unix socket to use in place of the URL's host. */
  readonly socketPath?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** The measurements of a target in one round. */
export interface Sample {
  readonly perSecond: number
  readonly p50Ms: number
}

interface Load {
  readonly path: string
  readonly connections: number
  /** The path requested before measuring: the faster its response, the more requests warm a target up. */
  readonly warmUpPath?: string
  /** How long each target runs before it is measured. */
  readonly warmUpMs: number
  readonly rounds: number
  readonly roundMs: number
}

/**
 * Sends the same GET to all targets in turn, in short rounds so that a busy neighbour disturbs all of them alike,
 * and returns the median of each target's rounds, in the order of the targets. All are warmed up for `warmUpMs`: the
 * front door runs for months, and its code is compiled in its first ten seconds of full load.
 */
export async function compareLoad<const Targets extends readonly Target[]>(
  targets: Targets,
  { path, warmUpPath = path, connections, warmUpMs, rounds, roundMs }: Load,
): Promise<{ readonly [Index in keyof Targets]: Sample }> {
  const lanes = targets.map((target) => ({
    target,
    pool: openPool(target, connections),
    samples: [] as Sample[],
  }))
  try {
    const warmUp = { path: warmUpPath, connections, roundMs: warmUpMs }
    for (const { target, pool } of lanes) await load(pool, target, warmUp)
    for (let round = 0; round < rounds; round += 1) {
      for (const { target, pool, samples } of lanes) {
        samples.push(await load(pool, target, { path, connections, roundMs }))
      }
    }
  } finally {
    for (const { pool } of lanes) await pool.destroy()
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `map` forgets that a tuple stays as long
  return lanes.map(({ samples }) => median(samples)) as { readonly [Index in keyof Targets]: Sample }
}

function openPool({ url, socketPath }: Target, connections: number): Pool {
  return new Pool(url, { connections, ...(socketPath === undefined ? {} : { socketPath }) })
}

/** Sends requests one after the other on each connection until the time is over. */
async function load(
  pool: Pool,
  { name, headers = {} }: Target,
  { path, connections, roundMs }: Pick<Load, 'path' | 'connections' | 'roundMs'>,
): Promise<Sample> {
  const durations: number[] = []
  const startedAt = performance.now()
  const sendUntilOver = async (): Promise<void> => {
    for (let before = performance.now(); before - startedAt < roundMs; before = performance.now()) {
      const { statusCode, body } = await pool.request({ path, method: 'GET', headers })
      await body.dump()
      if (statusCode !== 200) throw new Error(`${name} answered ${statusCode} instead of 200.`)
      durations.push(performance.now() - before)
    }
  }
  await Promise.all(Array.from({ length: connections }, sendUntilOver))
  const elapsedMs = performance.now() - startedAt
  return { perSecond: (durations.length * 1000) / elapsedMs, p50Ms: quantile(durations, 0.5) }
}

function median(samples: readonly Sample[]): Sample {
  return {
    perSecond: quantile(
      samples.map(({ perSecond }) => perSecond),
      0.5,
    ),
    p50Ms: quantile(
      samples.map(({ p50Ms }) => p50Ms),
      0.5,
    ),
  }
}
