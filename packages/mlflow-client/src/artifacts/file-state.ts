import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { unreadable } from './file-trouble.ts'

/** By what a file is known again. */
export interface FileState {
  readonly sizeBytes: number
  readonly modifiedMs: number
}

/**
 * Look at a file that is to be read.
 *
 * @throws ClientError SOEN_ARTIFACT_UNREADABLE
 */
export async function stateOf(file: string): Promise<FileState> {
  try {
    // Some file systems let a folder be opened and fail only in the middle of the request.
    const found = await stat(file)
    if (!found.isFile()) throw new Error('It is not a file.')
    await access(file, constants.R_OK)
    return { sizeBytes: found.size, modifiedMs: found.mtimeMs }
  } catch (cause) {
    throw unreadable(file, cause)
  }
}

/** Whether nobody has written to a file between two looks at it. */
export function isSameFile(one: FileState, other: FileState): boolean {
  return one.sizeBytes === other.sizeBytes && one.modifiedMs === other.modifiedMs
}
