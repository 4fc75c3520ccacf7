import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { programFolder, settingsFolder } from '../layout.ts'
import type { PayloadFile } from '../payload.ts'
import type { ServerTarget } from '../server-target.ts'
import { readText, writeJson, type Machine } from './machine.ts'

/** One deploy: the target it was for, and the files it carried. */
export interface Deployed {
  /** Of the kit. */
  readonly version: string
  readonly target: ServerTarget
  readonly files: readonly PayloadFile[]
}

/** Something that a deploy made or began to make. */
export interface Made {
  /** From `nameOf`: an older version may not know its kind. */
  readonly name: string
  /** From `forRecord`. */
  readonly resource: RecordedResource
}

/** A recorded resource, of any kind: only the resources know which kinds there are. */
export interface RecordedResource {
  readonly kind: string
}

/** What a machine records of its deploys; no secrets. */
export interface MachineRecord {
  /** In the order of the last plan, followed by what only earlier plans had. */
  readonly made: readonly Made[]
  /** The last deploy that was completed; null before the first. */
  readonly present: Deployed | null
  /** Deploys to roll back to, newest first: the previous one, and the newest one that carried other files. */
  readonly former: readonly Deployed[]
}

/** Where the record is. */
export const recordPath: string = `${programFolder}/record.json`

/** Where versions before this record stored the target and the carried files. */
export const formerTargetPath: string = `${settingsFolder}/target.json`
const formerStorePath = `${programFolder}/store.json`

/** The machine's record; undefined where no deploy of this version has begun. */
export async function readRecord(machine: Machine): Promise<MachineRecord | undefined> {
  const text = await readText(machine, recordPath)
  if (text === undefined) return undefined
  const record: MachineRecord = JSON.parse(text)
  return record
}

/** Records what a deploy is about to make, before it makes any of it. */
export async function recordMade(machine: Machine, made: readonly Made[]): Promise<void> {
  const record = await readRecord(machine)
  await writeJson(machine, recordPath, { present: null, former: [], ...record, made })
}

/** Records that a deploy was completed; the previous one becomes the rollback target. */
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

/** The newest deploy that carried other files than those with these hashes. */
export function otherDeploy(
  record: MachineRecord | undefined,
  hashes: readonly string[],
): Deployed | undefined {
  const own = [...hashes].toSorted().join()
  return deploysOf(record).find((deployed) => hashesOf(deployed).toSorted().join() !== own)
}

/** The hashes of the files that a deploy carried. */
export function hashesOf({ files }: Deployed): readonly string[] {
  return files.map(({ sha256 }) => sha256)
}

function deploysOf(record: MachineRecord | undefined): readonly Deployed[] {
  if (record === undefined) return []
  return record.present === null ? record.former : [record.present, ...record.former]
}
