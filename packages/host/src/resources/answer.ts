import { request } from 'node:http'
import { join } from 'node:path'
import type { Machine } from '../machine/machine.ts'
import { until } from '../until.ts'
import { nothing, type ResourceKind } from './resource-kind.ts'
import { lastWords, propertiesOf } from './unit-properties.ts'

/** A server of ours that must answer on its unix socket. */
interface AnswerResource {
  readonly kind: 'answer'
  /** The server's unit. */
  readonly unit: string
  readonly socketPath: string
  /** For instance `/health`. */
  readonly path: string
  /** How long its start may take. */
  readonly timeoutMs: number
}

/** A server's health check: waited for, since a unit that runs may still be starting. */
export const answerKind: ResourceKind<AnswerResource> = {
  kind: 'answer',
  name: ({ socketPath }) => `answer of ${socketPath}`,
  shell: ({ socketPath, path }) => [
    `curl --fail --retry 60 --retry-all-errors --retry-delay 1 --unix-socket ${socketPath} http://localhost${path}`,
  ],
  async differences(answer, machine) {
    const is = await statusOf(answer, machine)
    return is === '200' ? [] : [{ aspect: `GET ${answer.path}`, is, wanted: '200' }]
  },
  async apply(answer, machine) {
    const { unit, timeoutMs } = answer
    const failed = async (what: string): Promise<Error> =>
      new Error(`${unit} ${what}. ${await lastWords(unit, machine)}`)
    const restartsBefore = await restartsOf(answer, machine)
    const isAnswering = async (): Promise<true | undefined> => {
      if ((await statusOf(answer, machine)) === '200') return true
      const restarts = (await restartsOf(answer, machine)) - restartsBefore
      if (restarts >= maxRestarts) throw await failed(`ended ${restarts} times`)
      return undefined
    }
    if (await until(isAnswering, { timeoutMs, everyMs: 200 })) return
    throw await failed(`does not answer after ${timeoutMs / 1000} s`)
  },
  async remains() {
    return nothing
  },
  async remove() {},
}

/** A server may exit a few times while what it needs is still starting. */
const maxRestarts = 4

async function restartsOf({ unit }: AnswerResource, machine: Machine): Promise<number> {
  return Number((await propertiesOf(unit, machine, 'NRestarts'))['NRestarts'])
}

function statusOf({ socketPath, path }: AnswerResource, machine: Machine): Promise<string | null> {
  return new Promise((resolve) => {
    const options = { socketPath: join(machine.root, socketPath), path, headers: { host: 'localhost' } }
    request({ ...options, timeout: 5000 }, (response) => {
      response.resume()
      resolve(String(response.statusCode))
    })
      .on('timeout', () => resolve(null))
      .on('error', () => resolve(null))
      .end()
  })
}
