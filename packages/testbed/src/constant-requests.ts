import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, request } from 'undici'

/** What is asked for, without a pause. */
export interface ConstantRequestsOptions {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** How a connection is made. */
  readonly connect: NonNullable<Agent.Options['connect']>
}

/** What became of the requests. */
export interface RequestsMade {
  /** Over a connection made for each. */
  readonly fresh: number
  /** Over one connection that is kept. */
  readonly kept: number
  /** What was not answered with 200. */
  readonly failures: readonly string[]
}

/** Asks again and again as browsers and trainings do, until it is stopped: both ways at least `atLeast` times. */
export function requestConstantly({ url, headers, connect }: ConstantRequestsOptions): {
  stop(options?: { readonly atLeast?: number }): Promise<RequestsMade>
} {
  const failures: string[] = []
  let stopsAfter = Number.POSITIVE_INFINITY
  const ask = async (dispatcher: Agent): Promise<void> => {
    try {
      const { statusCode, body } = await request(url, { dispatcher, headers })
      const text = await body.text()
      if (statusCode !== 200) failures.push(`${statusCode} ${text}`)
    } catch (error) {
      failures.push(String(error))
    }
  }
  const repeat = async (once: () => Promise<void>): Promise<number> => {
    for (let count = 0; ; count += 1, await sleep(50)) {
      if (count >= stopsAfter) return count
      await once()
    }
  }
  const kept = new Agent({ connect, connections: 1, keepAliveTimeout: 60_000 })
  const made = Promise.all([
    repeat(async () => {
      const fresh = new Agent({ connect })
      await ask(fresh)
      await fresh.close()
    }),
    repeat(() => ask(kept)),
  ])
  return {
    async stop({ atLeast = 0 } = {}) {
      stopsAfter = atLeast
      const counts = await made
      await kept.close()
      return { fresh: counts[0], kept: counts[1], failures }
    },
  }
}
