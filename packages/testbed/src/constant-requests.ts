import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, request } from 'undici'

/** The request to repeat without pause. */
export interface ConstantRequestsOptions {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** How connections are made. */
  readonly connect: NonNullable<Agent.Options['connect']>
}

/** The results of the requests. */
export interface RequestsMade {
  /** Requests on a new connection each. */
  readonly fresh: number
  /** Requests on one kept-alive connection. */
  readonly kept: number
  /** Every response other than 200. */
  readonly failures: readonly string[]
}

/**
 * Keeps sending requests, on new connections as browsers do and on a kept-alive one as trainings do, until stopped:
 * each kind at least `atLeast` times.
 */
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
