import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { unreadable } from './file-trouble.ts'

/** What identifies the state of a file's content. */
export interface FileState {
  readonly sizeBytes: number
  readonly modifiedMs: number
}

/**
 * Read the state of a file.
 *
 * @throws ClientError SOEN_ARTIFACT_UNREADABLE
 */
export async function stateOf(file: string): Promise<FileState> {
  try {
    // On some file systems a folder can be opened, and fails only in the middle of the request.
    const found = await stat(file)
    if (!found.isFile()) throw new Error('It is not a file.')
    await access(file, constants.R_OK)
    return { sizeBytes: found.size, modifiedMs: found.mtimeMs }
  } catch (cause) {
    throw unreadable(file, cause)
  }
}

/** Whether a file was unchanged between two readings of its state. */
export function isSameFile(one: FileState, other: FileState): boolean {
  return one.sizeBytes === other.sizeBytes && one.modifiedMs === other.modifiedMs
}
