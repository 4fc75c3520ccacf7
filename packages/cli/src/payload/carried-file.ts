import type { PayloadFile } from '@soen/host'
import type { HashBook } from './hash-book.ts'

/** A file that is carried to a machine. */
export interface CarriedFile extends PayloadFile {
  /** Where it is on this computer. */
  readonly source: string
  readonly sizeBytes: number
}

/** A file of this computer, with the place below the machine's program folder that it is for. */
export async function carriedFile(path: string, source: string, hashes: HashBook): Promise<CarriedFile> {
  return { path, source, ...(await hashes.hashOf(source)) }
}
