import { request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Machine } from '../machine/machine.ts'
import type { AnswerResource, ResourceKind } from './resource.ts'

/** A server's own word that it is well: it is waited for, since a unit that runs may still be starting. */
export const answerKind: ResourceKind<AnswerResource> = {
  async differences(answer, machine) {
    const is = await statusOf(answer, machine)
    return is === '200' ? [] : [{ aspect: `GET ${answer.path}`, is, wanted: '200' }]
  },
  async apply(answer, machine) {
    const deadline = performance.now() + answer.timeoutMs
    while ((await statusOf(answer, machine)) !== '200') {
      if (performance.now() > deadline) {
        throw new Error(
          `It does not answer ${answer.timeoutMs / 1000} s after its start: see its unit's log.`,
        )
      }
      await sleep(200)
    }
  },
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
