import { copyFileSync, cpSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { writeWhole } from '../whole-file.ts'
import { planRepairs, type StoreRepair } from './plan-repairs.ts'

/** How long nobody may have written to a thing before it counts as damaged and not as being written. */
const SETTLED_MS = 10_000

/** How to repair. */
export interface RepairOptions {
  /** Only tell what would be done. */
  readonly dryRun?: boolean
  /** Where to keep what is replaced; a folder beside the store by default. */
  readonly asideFolder?: string
  /** 10,000 by default. */
  readonly settledMs?: number
  readonly now?: () => number
}

/** A repair and what became of it. `busy` means that somebody may still be writing there: repeat it later. */
export interface RepairResult extends StoreRepair {
  readonly outcome: 'repaired' | 'planned' | 'busy'
}

/** What was found and done. */
export interface RepairReport {
  readonly repairs: readonly RepairResult[]
  /** Where the originals are; nothing when nothing had to be replaced. */
  readonly asideFolder: string | undefined
}

/**
 * Mend a store that other programs tore, so that MLflow reads it again.
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
