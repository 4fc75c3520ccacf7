import { maskedCrc32c } from './crc32c.ts'

/** The length and its checksum. */
const HEADER_BYTES = 12
const FOOTER_BYTES = 4

/**
 * The result of reading a record.
 *
 * - `record`: a complete one
 * - `short`: an incomplete one; `neededBytes` must be present from its start
 * - `corrupt`: a checksum is wrong; if the length is right, the next record begins at `end`
 */
export type RecordReading =
  | { readonly kind: 'record'; readonly data: Buffer; readonly end: number }
  | { readonly kind: 'short'; readonly neededBytes: number }
  | { readonly kind: 'corrupt'; readonly end?: number }

/** Read the record that begins at `start`. */
export function readRecord(bytes: Buffer, start: number): RecordReading {
  const present = bytes.length - start
  if (present < HEADER_BYTES) return { kind: 'short', neededBytes: HEADER_BYTES }
  // Verified before use: a torn length could request any amount of memory.
  if (maskedCrc32c(bytes.subarray(start, start + 8)) !== bytes.readUInt32LE(start + 8))
    return { kind: 'corrupt' }
  const length = Number(bytes.readBigUInt64LE(start))
  const neededBytes = HEADER_BYTES + length + FOOTER_BYTES
  if (present < neededBytes) return { kind: 'short', neededBytes }
  const end = start + neededBytes
  const data = bytes.subarray(start + HEADER_BYTES, end - FOOTER_BYTES)
  if (maskedCrc32c(data) !== bytes.readUInt32LE(end - FOOTER_BYTES)) return { kind: 'corrupt', end }
  return { kind: 'record', data, end }
}

/** Frame one record for a file. */
export function frameRecord(data: Uint8Array): Buffer {
  const framed = Buffer.alloc(HEADER_BYTES + data.length + FOOTER_BYTES)
  framed.writeBigUInt64LE(BigInt(data.length), 0)
  framed.writeUInt32LE(maskedCrc32c(framed.subarray(0, 8)), 8)
  framed.set(data, HEADER_BYTES)
  framed.writeUInt32LE(maskedCrc32c(data), HEADER_BYTES + data.length)
  return framed
}
