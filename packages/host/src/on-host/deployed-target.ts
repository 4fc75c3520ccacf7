import { HostError } from '../errors.ts'
import { readText, type Machine } from '../machine/machine.ts'
import { formerTargetPath, readRecord } from '../machine/record.ts'
import type { ServerTarget } from '../server-target.ts'

/** The target of the last deploy; undefined where there was none. */
export async function readTarget(machine: Machine): Promise<ServerTarget | undefined> {
  const record = await readRecord(machine)
  if (record?.present) return record.present.target
  const text = await readText(machine, formerTargetPath)
  if (text === undefined) return undefined
  const target: ServerTarget = JSON.parse(text)
  return target
}

/**
 * The target of the last deploy.
 *
 * @throws HostError `SOEN_NOT_DEPLOYED`
 */
export async function deployedTarget(machine: Machine): Promise<ServerTarget> {
  const target = await readTarget(machine)
  if (target === undefined) throw notDeployed()
  return target
}

/** The error where no server was deployed. */
export function notDeployed(): HostError {
  return new HostError('There is no server on this machine yet.', {
    code: 'SOEN_NOT_DEPLOYED',
    hint: 'Make it one first: soen deploy.',
  })
}
