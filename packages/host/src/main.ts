import { stdin, stdout } from 'node:process'
import { createInterface } from 'node:readline'
import { thisMachine } from './machine/machine.ts'
import { changeAllowList, expireAllowList } from './on-host/allow-list.ts'
import { apply, type Surroundings } from './on-host/apply.ts'
import { readCertificate, renewCertificate } from './on-host/certificate.ts'
import { destroy } from './on-host/destroy.ts'
import { eject } from './on-host/eject.ts'
import { callFrontDoor } from './on-host/front-door-api.ts'
import { chainOf, namedCause } from './on-host/named-cause.ts'
import type { OnHostEvent, OnHostRequest } from './on-host/protocol.ts'
import { restart } from './on-host/restart.ts'
import { readStatus } from './on-host/status.ts'
import { supportFiles } from './on-host/support.ts'
import { deployedTarget } from './on-host/whole-plan.ts'

/*
 * The program that runs on the machine itself, as root: one request as a JSON line on stdin, events as JSON lines
 * on stdout, of which the last is a result or an error. The end of stdin says that whoever asked is gone.
 */
const machine = thisMachine()
const gone = new AbortController()
const say = (event: OnHostEvent): void => void stdout.write(`${JSON.stringify(event)}\n`)
// Who is gone hears nothing; what was begun is ended all the same.
stdout.on('error', () => gone.abort())

try {
  const value =
    process.argv[2] === 'expire' ? await expireAllowList(machine) : await answer(await readRequest())
  say({ type: 'result', value })
} catch (error) {
  say(errorEvent(namedCause(error)))
  process.exitCode = 1
}
stdin.destroy()

async function answer(request: OnHostRequest): Promise<unknown> {
  const around: Surroundings = { machine, say, signal: gone.signal }
  switch (request.verb) {
    case 'apply':
      return apply(request, around)
    case 'eject':
      return eject(request, machine)
    case 'destroy':
      return destroy(request, around)
    case 'allow':
      return changeAllowList(request, machine)
    case 'status':
      return readStatus(machine)
    case 'restart':
      return restart(request, around)
    case 'certificate': {
      const target = await deployedTarget(machine)
      return request.isRenewed ? renewCertificate(machine, target) : readCertificate(machine, target)
    }
    case 'api':
      return callFrontDoor(request, machine)
    case 'support':
      return supportFiles(machine)
  }
}

function readRequest(): Promise<OnHostRequest> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: stdin })
    lines.once('line', (line) => {
      try {
        const request: OnHostRequest = JSON.parse(line)
        resolve(request)
      } catch (error) {
        reject(error)
      }
    })
    lines.once('close', () => {
      gone.abort()
      reject(new Error('no request came'))
    })
  })
}

function errorEvent(error: unknown): OnHostEvent {
  const { code, hint } = Object(error)
  const [message = '', ...causes] = chainOf(error)
  return {
    type: 'error',
    code: typeof code === 'string' && code.startsWith('SOEN_') ? code : 'SOEN_UNEXPECTED',
    message,
    hint: typeof hint === 'string' ? hint : 'Collect what helps: soen support-bundle.',
    causes,
  }
}
