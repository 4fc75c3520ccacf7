import { randomUUID } from 'node:crypto'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Write a file so that a reader, at any moment and after any kill, sees the old content, the new one, or no file. */
export function writeWhole(root: string, path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true })
  const temporary = temporaryPath(root)
  try {
    writeFileSync(temporary, content)
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

/** A path on the store's own file system, where a rename is atomic; MLflow ignores files directly below the root. */
function temporaryPath(root: string): string {
  return join(root, stagedName())
}

/** A temporary name for something that is renamed when it is complete. */
export function stagedName(): string {
  return `.soen-${randomUUID()}`
}

/** Whether a name is a temporary one. */
export function isStaged(name: string): boolean {
  return /^\.soen-[0-9a-f-]{36}$/.test(name)
}
