import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { programFolder, settingsFolder } from '../layout.ts'
import type { PayloadFile } from '../payload.ts'
import type { ServerTarget } from '../server-target.ts'
import { readText, writeJson, type Machine } from './machine.ts'

/** One deploy: what it made the machine for, and what it carried. */
export interface Deployed {
  /** Of the kit. */
  readonly version: string
  readonly target: ServerTarget
  readonly files: readonly PayloadFile[]
}

/** Something that a deploy made or began to make. */
export interface Made {
  /** As `nameOf` calls it: an older version may not know its kind. */
  readonly name: string
  /** As `forRecord` keeps it. */
  readonly resource: RecordedResource
}

/** A resource as it was put down: which kinds there are is the resources' own to know. */
export interface RecordedResource {
  readonly kind: string
}

/** What a machine knows of its deploys. There is no secret in it. */
export interface MachineRecord {
  /** In the order of the last plan, and then what only those before it had. */
  readonly made: readonly Made[]
  /** The deploy that the machine is made for; nothing before the first one was done. */
  readonly present: Deployed | null
  /** The way back, newest first: the deploy before, and the newest one that carried something else. */
  readonly former: readonly Deployed[]
}

/** Where the record is. */
export const recordPath: string = `${programFolder}/record.json`

/** Where a version before this record kept what the machine was made for, and what was carried to it. */
export const formerTargetPath: string = `${settingsFolder}/target.json`
const formerStorePath = `${programFolder}/store.json`

/** The machine's record; nothing where no deploy of this version was begun. */
export async function readRecord(machine: Machine): Promise<MachineRecord | undefined> {
  const text = await readText(machine, recordPath)
  if (text === undefined) return undefined
  const record: MachineRecord = JSON.parse(text)
  return record
}

/** Puts down what a deploy is about to make, before it makes any of it. */
export async function recordMade(machine: Machine, made: readonly Made[]): Promise<void> {
  const record = await readRecord(machine)
  await writeJson(machine, recordPath, { present: null, former: [], ...record, made })
}

/** Puts down that a deploy was done; the one before becomes the way back. */
export async function recordDeployed(machine: Machine, present: Deployed): Promise<void> {
  const record = await readRecord(machine)
  if (JSON.stringify(record?.present) !== JSON.stringify(present)) {
    const former = wayBack(record, present)
    await writeJson(machine, recordPath, { made: record?.made ?? [], present, former })
  }
  for (const path of [formerTargetPath, formerStorePath]) await rm(join(machine.root, path), { force: true })
}

function wayBack(record: MachineRecord | undefined, present: Deployed): readonly Deployed[] {
  const before = deploysOf(record)
  const other = otherDeploy(record, hashesOf(present))
  return before.filter((deployed, index) => index === 0 || deployed === other)
}

/** The newest deploy that carried something else than files of these hashes. */
export function otherDeploy(
  record: MachineRecord | undefined,
  hashes: readonly string[],
): Deployed | undefined {
  const own = [...hashes].toSorted().join()
  return deploysOf(record).find((deployed) => hashesOf(deployed).toSorted().join() !== own)
}

/** The hashes of what a deploy carried. */
export function hashesOf({ files }: Deployed): readonly string[] {
  return files.map(({ sha256 }) => sha256)
}

function deploysOf(record: MachineRecord | undefined): readonly Deployed[] {
  if (record === undefined) return []
  return record.present === null ? record.former : [record.present, ...record.former]
}
