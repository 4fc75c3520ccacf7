import { crc32, deflateSync, inflateSync } from 'node:zlib'
import type { BytePixels } from './pixels.ts'

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
/** PNG's colour type by number of channels. */
const COLOR_TYPES = { 1: 0, 2: 4, 3: 2, 4: 6 } as const
const CHANNELS = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const
const PALETTE = 3
/** Bytes before the pixels' in the header: width, height. */
const HEADER_BYTES = 13

/** Encode an image as a PNG file, with 8 bits per value. */
export function encodePng({ width, height, channels, data }: BytePixels): Buffer {
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, COLOR_TYPES[channels], 0, 0, 0], 8)
  const rowBytes = width * channels
  // Each row begins with its filter type: none.
  const rows = Buffer.alloc((rowBytes + 1) * height)
  for (let row = 0; row < height; row += 1)
    rows.set(data.subarray(row * rowBytes, (row + 1) * rowBytes), row * (rowBytes + 1) + 1)
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(name: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), content])
  const whole = Buffer.alloc(named.length + 8)
  whole.writeUInt32BE(content.length, 0)
  whole.set(named, 4)
  whole.writeUInt32BE(crc32(named), named.length + 4)
  return whole
}

/** Decode a PNG file of 8 bits per value; undefined for rarer kinds: interlaced, other depths, damaged. */
export function decodePng(file: Uint8Array): BytePixels | undefined {
  try {
    return decode(Buffer.from(file.buffer, file.byteOffset, file.byteLength))
  } catch {
    return undefined
  }
}

function decode(file: Buffer): BytePixels | undefined {
  const chunks = readChunks(file)
  const header = chunks.find(({ name }) => name === 'IHDR')?.content
  if (header === undefined || !file.subarray(0, 8).equals(SIGNATURE)) return undefined
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)]
  const [depth, colorType, , , interlace] = header.subarray(8)
  const channels = channelsOf(colorType)
  if (depth !== 8 || interlace !== 0 || channels === undefined) return undefined
  const parts = chunks.flatMap(({ name, content }) => (name === 'IDAT' ? [content] : []))
  const rowBytes = width * channels
  const filtered = inflateSync(Buffer.concat(parts), { maxOutputLength: (rowBytes + 1) * height })
  if (filtered.length !== (rowBytes + 1) * height) return undefined
  const data = unfilter(filtered, rowBytes, channels)
  if (colorType !== PALETTE) return { width, height, channels, data }
  const named = (wanted: string) => chunks.find(({ name }) => name === wanted)?.content ?? Buffer.alloc(0)
  return { width, height, channels: 4, data: lookUp(data, named('PLTE'), named('tRNS')) }
}

function channelsOf(colorType: number | undefined): 1 | 2 | 3 | 4 | undefined {
  return new Map<number | undefined, 1 | 2 | 3 | 4>(
    Object.entries(CHANNELS).map(([type, channels]) => [Number(type), channels]),
  ).get(colorType)
}

function readChunks(file: Buffer): { readonly name: string; readonly content: Buffer }[] {
  const chunks: { name: string; content: Buffer }[] = []
  for (let at = SIGNATURE.length; at < file.length;) {
    const bytes = file.readUInt32BE(at)
    chunks.push({
      name: file.toString('latin1', at + 4, at + 8),
      content: file.subarray(at + 8, at + 8 + bytes),
    })
    at += bytes + 12
  }
  return chunks
}

/**
 * Undo the filters: each value is stored as its difference from a prediction by its neighbours: left, above, their
 * mean, or the nearest of three.
 */
function unfilter(filtered: Buffer, rowBytes: number, step: number): Uint8Array {
  const height = filtered.length / (rowBytes + 1)
  const data = new Uint8Array(rowBytes * height)
  for (let row = 0; row < height; row += 1) {
    const filter = filtered[row * (rowBytes + 1)]
    for (let column = 0; column < rowBytes; column += 1) {
      const at = row * rowBytes + column
      const left = column < step ? 0 : (data[at - step] ?? 0)
      const above = row === 0 ? 0 : (data[at - rowBytes] ?? 0)
      const corner = row === 0 || column < step ? 0 : (data[at - rowBytes - step] ?? 0)
      const told = [0, left, above, (left + above) >> 1, nearest(left, above, corner)][filter ?? 0] ?? 0
      data[at] = (filtered[row * (rowBytes + 1) + 1 + column] ?? 0) + told
    }
  }
  return data
}

function nearest(left: number, above: number, corner: number): number {
  const guess = left + above - corner
  const [byLeft, byAbove, byCorner] = [left, above, corner].map((value) => Math.abs(guess - value))
  if (byLeft === undefined || byAbove === undefined || byCorner === undefined) return 0
  if (byLeft <= byAbove && byLeft <= byCorner) return left
  return byAbove <= byCorner ? above : corner
}

function lookUp(indices: Uint8Array, palette: Buffer, alphas: Buffer): Uint8Array {
  const rgba = new Uint8Array(indices.length * 4)
  for (const [pixel, index] of indices.entries()) {
    rgba.set(palette.subarray(index * 3, index * 3 + 3), pixel * 4)
    rgba[pixel * 4 + 3] = alphas[index] ?? 255
  }
  return rgba
}
