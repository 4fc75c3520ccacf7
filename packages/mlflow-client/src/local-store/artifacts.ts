import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { contentOf } from '../artifacts/content.ts'
import { normalizeArtifactPath } from '../artifacts/path.ts'
import type { ArtifactContent } from '../rest/content.ts'
import { refusal } from '../rest/refusal.ts'
import type { WireFile } from '../rest/wire.ts'
import { stagedName } from './whole-file.ts'

/** Store one artifact atomically. Repeating it overwrites. */
export async function writeArtifact(
  runFolder: string,
  path: string,
  content: ArtifactContent,
): Promise<void> {
  const target = join(runFolder, 'artifacts', inside(path))
  // Beside `artifacts`, where MLflow lists nothing and a rename is atomic.
  const staged = join(runFolder, stagedName())
  try {
    await pipeline(content.stream(), createWriteStream(staged))
    mkdirSync(dirname(target), { recursive: true })
    renameSync(staged, target)
  } catch (error) {
    rmSync(staged, { force: true })
    throw error
  }
}

/** The files and folders directly below `path`. */
export function listArtifacts(runFolder: string, path: string): WireFile[] {
  const below = path === '' ? '' : inside(path)
  const folder = join(runFolder, 'artifacts', below)
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return []
  return readdirSync(folder, { withFileTypes: true })
    .map((entry): WireFile => {
      const name = below === '' ? entry.name : `${below}/${entry.name}`
      if (entry.isDirectory()) return { path: name, is_dir: true }
      return { path: name, is_dir: false, file_size: statSync(join(folder, entry.name)).size }
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** One artifact's bytes. */
export function readArtifact(runFolder: string, path: string): ArtifactContent {
  const file = join(runFolder, 'artifacts', inside(path))
  const found = statSync(file, { throwIfNoEntry: false })
  if (found === undefined) throw refusal('RESOURCE_DOES_NOT_EXIST', `There is no artifact ${path}`)
  return contentOf(file, found.size)
}

/** Delete one artifact, and folders that are empty afterwards. A missing one is not an error. */
export function removeArtifact(runFolder: string, path: string): void {
  const root = join(runFolder, 'artifacts')
  const file = join(root, inside(path))
  rmSync(file, { force: true })
  for (let folder = dirname(file); folder.length > root.length && isEmpty(folder); folder = dirname(folder)) {
    rmdirSync(folder)
  }
}

function isEmpty(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).length === 0
}

function inside(path: string): string {
  const normal = normalizeArtifactPath(path)
  if (normal !== undefined) return normal
  throw refusal('INVALID_PARAMETER_VALUE', `Invalid path: ${JSON.stringify(path)}`)
}
