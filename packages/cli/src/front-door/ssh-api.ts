import type { CommandResult } from '@soen/host'
import type { Terminal } from '../output/terminal.ts'
import type { FoundSshTarget } from '../targets/find-target.ts'
import { openHost, type OpenHost, type ReachOptions } from '../roads/open-road.ts'
import { apiPath, takeAnswer, type FrontDoorApi } from './api.ts'
import { readAnswer } from './local-api.ts'

/** The API on the state of a server, over SSH and as root there: it works while TLS or the front door is broken. */
export function sshFrontDoor(found: FoundSshTarget, options: ReachOptions, terminal: Terminal): FrontDoorApi {
  let opening: Promise<OpenHost> | undefined
  return {
    place: `${found.target.domain}, over SSH`,
    async call(request) {
      opening ??= openHost(found, options, terminal)
      const { stdout, stderr } = await (
        await opening
      ).ask<CommandResult>({
        ...{ verb: 'api', method: request.method, path: apiPath(request) },
        body: request.body === undefined ? '' : JSON.stringify(request.body),
      })
      return takeAnswer(readAnswer(stdout, stderr))
    },
    async [Symbol.asyncDispose]() {
      const host = await opening?.catch(() => undefined)
      await host?.[Symbol.asyncDispose]()
    },
  }
}
