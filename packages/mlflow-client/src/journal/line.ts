import { crc32 } from 'node:zlib'
import { isJournalRecord, type JournalRecord } from './records.ts'

const NEWLINE = 0x0a
const SPACE = 0x20
const DIGITS = Buffer.from('0123456789abcdef')
/** Eight hexadecimal digits and a space. */
const CHECKSUM_LENGTH = 9

/** What a line has besides its JSON: the checksum and the newline. */
export const SEAL_BYTES: number = CHECKSUM_LENGTH + 1
/** The maximum length of one UTF-16 unit in UTF-8. */
export const MAX_UTF8_BYTES = 3

/** One journal line: checksum, space, JSON, newline. Readable with grep, and a torn line is detected. */
export function sealLine(json: string): string {
  const buffer = Buffer.allocUnsafe(SEAL_BYTES + MAX_UTF8_BYTES * json.length)
  return buffer.toString('utf8', 0, sealInto(buffer, 0, json))
}

/** Writes the same line into a buffer that has room for it; returns where it ends. */
export function sealInto(buffer: Buffer, start: number, json: string): number {
  const end = start + CHECKSUM_LENGTH + buffer.write(json, start + CHECKSUM_LENGTH)
  let checksum = crc32(json)
  for (let at = start + CHECKSUM_LENGTH - 2; at >= start; at -= 1) {
    buffer[at] = DIGITS[checksum & 15] ?? 0
    checksum >>>= 4
  }
  buffer[start + CHECKSUM_LENGTH - 1] = SPACE
  buffer[end] = NEWLINE
  return end + 1
}

/** The content of a part of a segment. */
export interface ParsedLines {
  readonly records: readonly JournalRecord[]
  /** Bytes up to the end of the last whole line. */
  readonly consumed: number
  /** Lines that failed their checksum; reading goes on after the next newline. */
  readonly corrupt: number
}

/** Parse whole lines; what follows the last newline is left for later. */
export function parseLines(bytes: Buffer): ParsedLines {
  const records: JournalRecord[] = []
  let consumed = 0
  let corrupt = 0
  for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, consumed)) {
    const record = openLine(bytes.subarray(consumed, end))
    if (record === undefined) corrupt += 1
    else records.push(record)
    consumed = end + 1
  }
  return { records, consumed, corrupt }
}

function openLine(line: Buffer): JournalRecord | undefined {
  const json = line.subarray(CHECKSUM_LENGTH)
  const checksum = line.toString('latin1', 0, CHECKSUM_LENGTH)
  if (checksum !== `${crc32(json).toString(16).padStart(8, '0')} `) return undefined
  const value: unknown = JSON.parse(json.toString('utf8'))
  return isJournalRecord(value) ? value : undefined
}
