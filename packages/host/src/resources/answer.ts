import { request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Machine } from '../machine/machine.ts'
import type { AnswerResource, ResourceKind } from './resource.ts'
import { lastWords, propertiesOf } from './unit-properties.ts'

/** A server's own word that it is well: it is waited for, since a unit that runs may still be starting. */
export const answerKind: ResourceKind<AnswerResource> = {
  async differences(answer, machine) {
    const is = await statusOf(answer, machine)
    return is === '200' ? [] : [{ aspect: `GET ${answer.path}`, is, wanted: '200' }]
  },
  async apply(answer, machine) {
    const deadline = performance.now() + answer.timeoutMs
    const restartsBefore = await restartsOf(answer, machine)
    while ((await statusOf(answer, machine)) !== '200') {
      const restarts = (await restartsOf(answer, machine)) - restartsBefore
      const isOver = performance.now() > deadline
      if (isOver || restarts >= maxRestarts) {
        const what = isOver ? `does not answer after ${answer.timeoutMs / 1000} s` : `ended ${restarts} times`
        throw new Error(`${answer.unit} ${what}. ${await lastWords(answer.unit, machine)}`)
      }
      await sleep(200)
    }
  },
}

/** A server may end once because what it needs is still starting. */
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
