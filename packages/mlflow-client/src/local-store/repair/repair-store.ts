import { copyFileSync, cpSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { writeWhole } from '../whole-file.ts'
import { planRepairs, type StoreRepair } from './plan-repairs.ts'

/** How long a file must have been unchanged before it counts as damaged rather than as being written. */
const SETTLED_MS = 10_000

/** Options of a repair. */
export interface RepairOptions {
  /** Only report what would be done. */
  readonly dryRun?: boolean
  /** The folder for replaced files; by default one beside the store. */
  readonly asideFolder?: string
  /** 10,000 by default. */
  readonly settledMs?: number
  readonly now?: () => number
}

/** A repair and its result. `busy` means that somebody may still be writing there: repeat it later. */
export interface RepairResult extends StoreRepair {
  readonly outcome: 'repaired' | 'planned' | 'busy'
}

/** The problems found, and what was done. */
export interface RepairReport {
  readonly repairs: readonly RepairResult[]
  /** The folder with the originals; undefined when nothing had to be replaced. */
  readonly asideFolder: string | undefined
}

/**
 * Repair a store that other programs damaged, so that MLflow reads it again.
 *
 * Nothing is deleted: whatever is replaced or does not belong there is kept beside the store, under its own path.
 */
export async function repairStore(
  path: string,
  { dryRun = false, asideFolder, settledMs = SETTLED_MS, now = Date.now }: RepairOptions = {},
): Promise<RepairReport> {
  const root = resolve(path)
  const aside = asideFolder ?? defaultAside(root, now())
  const repairs: RepairResult[] = []
  for (const repair of await planRepairs(root)) {
    if (changedMs(join(root, repair.path)) > now() - settledMs) repairs.push({ ...repair, outcome: 'busy' })
    else if (dryRun) repairs.push({ ...repair, outcome: 'planned' })
    else {
      apply(root, aside, repair)
      repairs.push({ ...repair, outcome: 'repaired' })
    }
  }
  return { repairs, asideFolder: existsSync(aside) ? aside : undefined }
}

function apply(root: string, aside: string, { path, action, content = '' }: StoreRepair): void {
  const source = join(root, path)
  const kept = join(aside, path)
  switch (action) {
    case 'make-folder':
      mkdirSync(source, { recursive: true })
      break
    case 'move-aside':
      mkdirSync(dirname(kept), { recursive: true })
      move(source, kept)
      break
    case 'rewrite':
      mkdirSync(dirname(kept), { recursive: true })
      if (existsSync(source)) copyFileSync(source, kept)
      writeWhole(root, source, content)
      break
  }
}

function move(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error
    // The store is the root of its own file system.
    cpSync(from, to, { recursive: true, preserveTimestamps: true })
    rmSync(from, { recursive: true })
  }
}

function defaultAside(root: string, nowMs: number): string {
  const time = new Date(nowMs).toISOString().replace(/[:.]/g, '-')
  return join(dirname(root), `${basename(root)}.aside-${time}`)
}

function changedMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}
