import { chmod, chown, lstat } from 'node:fs/promises'
import type { Stats } from 'node:fs'
import { join } from 'node:path'
import { hasErrorCode } from '@soen/mlflow-server'
import { allOf } from '../all-of.ts'
import { runOrThrow, type Machine } from '../machine/machine.ts'
import type { Difference } from './resource-kind.ts'

/** Owner, group and mode of a path. */
export interface Ownership {
  readonly mode: number
  readonly owner: string
  readonly group: string
}

/** What is at a path of the machine; undefined where there is nothing. A link counts as itself, not as its target. */
export async function statOf(machine: Machine, path: string): Promise<Stats | undefined> {
  try {
    return await lstat(join(machine.root, path))
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT') || hasErrorCode(error, 'ENOTDIR')) return undefined
    throw error
  }
}

/** How owner and mode differ from the plan. */
export async function ownershipDifferences(
  { mode, owner, group }: Ownership,
  stats: Stats,
  machine: Machine,
): Promise<readonly Difference[]> {
  const is = { mode: octal(stats.mode), owner: await nameOfId(machine, stats), wantedMode: octal(mode) }
  const wantedOwner = `${owner}:${group}`
  return [
    ...(is.mode === is.wantedMode ? [] : [{ aspect: 'mode', is: is.mode, wanted: is.wantedMode }]),
    ...(is.owner === wantedOwner ? [] : [{ aspect: 'owner', is: is.owner, wanted: wantedOwner }]),
  ]
}

/** Sets the mode and owner of a path. */
export async function setOwnership(
  { mode, owner, group }: Ownership,
  at: string,
  machine: Machine,
): Promise<void> {
  await chown(at, await idOf(machine, 'passwd', owner), await idOf(machine, 'group', group))
  await chmod(at, mode)
}

async function nameOfId(machine: Machine, { uid, gid }: Stats): Promise<string> {
  const { user, group } = await allOf({
    user: machine.run('getent', ['passwd', String(uid)]),
    group: machine.run('getent', ['group', String(gid)]),
  })
  return `${user.stdout.split(':')[0] || uid}:${group.stdout.split(':')[0] || gid}`
}

async function idOf(machine: Machine, database: 'passwd' | 'group', name: string): Promise<number> {
  const [, , id] = (await runOrThrow(machine, 'getent', database, name)).split(':')
  return Number(id)
}

/** A mode in the form that `chmod` takes, for instance `0640`. */
export function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0')
}
