import { createReadStream } from 'node:fs'
import type { ArtifactContent } from '../rest/content.ts'
import { changed } from './file-trouble.ts'

/** Large enough that a gigabyte takes half a second of the main thread, a quarter of what small pieces take. */
const PIECE_BYTES = 1024 * 1024

/**
 * The content of a file, which is opened when it is read.
 *
 * Node's own `openAsBlob` takes the size of a file modulo 4 GiB, and so leaves out the rest of a larger one.
 */
export function contentOf(file: string, size: number): ArtifactContent {
  return {
    size,
    async *stream() {
      let left = size
      // `end` is the last byte: what is appended to the file meanwhile belongs to another upload.
      const pieces = size === 0 ? [] : createReadStream(file, { end: size - 1, highWaterMark: PIECE_BYTES })
      for await (const piece of pieces) {
        left -= piece.length
        yield piece
      }
      // Otherwise the server would wait for the rest.
      if (left > 0) throw changed(`Sending ${file}`)
    },
  }
}
