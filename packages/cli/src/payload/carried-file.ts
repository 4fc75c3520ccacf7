import type { PayloadFile } from '@soen/host'
import type { HashBook } from './hash-book.ts'

/** A file to carry to a machine. */
export interface CarriedFile extends PayloadFile {
  /** Its path on this computer. */
  readonly source: string
  readonly sizeBytes: number
}

/** Describes a file of this computer that is to be carried to `path`, below the machine's program folder. */
export async function carriedFile(path: string, source: string, hashes: HashBook): Promise<CarriedFile> {
  return { path, source, ...(await hashes.hashOf(source)) }
}
