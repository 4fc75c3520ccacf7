import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type { PayloadFile } from '@soen/host'

/** A file that is carried to a machine. */
export interface CarriedFile extends PayloadFile {
  /** Where it is on this computer. */
  readonly source: string
  readonly sizeBytes: number
}

/** A file of this computer, with the place below the machine's program folder that it is for. */
export async function carriedFile(path: string, source: string): Promise<CarriedFile> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(source), hash)
  const { size: sizeBytes } = await stat(source)
  return { path, source, sizeBytes, sha256: hash.digest('hex') }
}
