import { BitWriter } from './bit-writer.ts'
import { toRgba, type BytePixels } from './pixels.ts'
import { codeLengths, codewords } from './prefix-code.ts'

// WebP's lossless format (RFC 9649), without the features that only make files a little smaller.

const MAX_SIZE = 1 << 14
const MAX_CODE_LENGTH = 15
/** The sizes of the five alphabets: green and copy lengths, red, blue, alpha, copy distances. */
const ALPHABETS = { green: 256 + 24, red: 256, blue: 256, alpha: 256, distance: 40 } as const
const PREDICTOR = { type: 0, blockBits: 9, meanOfLeftAndAbove: 7 } as const
const SUBTRACT_GREEN = 2

/** Pixels as four planes, in the order in which they are written. */
interface Planes {
  readonly green: Uint8Array
  readonly red: Uint8Array
  readonly blue: Uint8Array
  readonly alpha: Uint8Array
}

const CHANNELS = ['green', 'red', 'blue', 'alpha'] as const

/**
 * Encode an image as a lossless WebP file.
 *
 * @param image - at most 512 pixels wide and high, which one block of prediction covers
 */
export function encodeWebp(image: BytePixels): Buffer {
  const { width, height, data } = toRgba(image)
  if (Math.max(width, height) > 1 << PREDICTOR.blockBits)
    throw new TypeError('a WebP of at most 512 × 512 pixels')
  const out = new BitWriter()
  out.write(0x2f, 8)
  for (const size of [width, height]) out.write((size - 1) % MAX_SIZE, 14)
  out.write(1, 1) // It has alpha.
  out.write(0, 3) // The version.

  out.write(1, 1)
  out.write(SUBTRACT_GREEN, 2)
  out.write(1, 1)
  out.write(PREDICTOR.type, 2)
  out.write(PREDICTOR.blockBits - 2, 3)
  const mode = Uint8Array.of(PREDICTOR.meanOfLeftAndAbove)
  const none = new Uint8Array(1)
  writePlanes(out, { green: mode, red: none, blue: none, alpha: none })
  out.write(0, 1) // No more transforms.

  const planes = subtractGreen(data)
  const residuals = mapPlanes(planes, (plane, channel) =>
    differences(plane, width, channel === 'alpha' ? 255 : 0),
  )
  writePlanes(out, residuals, { isWhole: true })
  return container(out.finish())
}

function subtractGreen(rgba: Uint8Array): Planes {
  const size = rgba.length / 4
  const plane = (valueOf: (at: number) => number) =>
    Uint8Array.from({ length: size }, (_, pixel) => valueOf(pixel * 4))
  const green = (at: number): number => rgba[at + 1] ?? 0
  return {
    green: plane(green),
    red: plane((at) => (rgba[at] ?? 0) - green(at)),
    blue: plane((at) => (rgba[at + 2] ?? 0) - green(at)),
    alpha: plane((at) => rgba[at + 3] ?? 0),
  }
}

function mapPlanes(planes: Planes, map: (plane: Uint8Array, channel: keyof Planes) => Uint8Array): Planes {
  return {
    green: map(planes.green, 'green'),
    red: map(planes.red, 'red'),
    blue: map(planes.blue, 'blue'),
    alpha: map(planes.alpha, 'alpha'),
  }
}

/** Each value minus the mean of its left and upper neighbours; `first` is the prediction for the corner. */
function differences(plane: Uint8Array, width: number, first: number): Uint8Array {
  return plane.map((value, at) => {
    const left = plane[at - 1] ?? 0
    const above = plane[at - width] ?? 0
    if (at === 0) return value - first
    if (at < width) return value - left
    return at % width === 0 ? value - above : value - ((left + above) >> 1)
  })
}

/** Write five prefix codes, and each pixel with them. The image as a whole also declares a single set of codes. */
function writePlanes(out: BitWriter, planes: Planes, { isWhole = false } = {}): void {
  out.write(0, 1) // No cache of colours.
  if (isWhole) out.write(0, 1) // One set of codes for all of it.
  const words = CHANNELS.map((channel) => writeCode(out, ALPHABETS[channel], planes[channel]))
  writeCode(out, ALPHABETS.distance, new Uint8Array(1))
  const values = CHANNELS.map((channel) => planes[channel])
  for (let pixel = 0; pixel < planes.green.length; pixel += 1) {
    for (const [index, plane] of values.entries()) {
      const word = words[index]?.[plane[pixel] ?? 0]
      if (word !== undefined) out.write(word.bits, word.length)
    }
  }
}

/** Write the code of an alphabet as it suits some symbols; one of a single symbol needs no bits for it. */
function writeCode(out: BitWriter, size: number, symbols: Uint8Array) {
  const counts = Array.from({ length: size }, () => 0)
  for (const symbol of symbols) counts[symbol] = (counts[symbol] ?? 0) + 1
  const used = counts.flatMap((count, symbol) => (count > 0 ? [symbol] : []))
  const [only] = used
  if (used.length === 1 && only !== undefined) {
    out.write(1, 1) // A simple code
    out.write(0, 1) // of one symbol
    out.write(1, 1) // of 8 bits.
    out.write(only, 8)
    return counts.map(() => ({ bits: 0, length: 0 }))
  }
  const lengths = codeLengths(counts, MAX_CODE_LENGTH)
  out.write(0, 1)
  // The code lengths 0 to 15 are coded themselves, with four bits each; 17, 18 and 16 stand for repetitions.
  out.write(15, 4)
  const order = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]
  for (const symbol of order) out.write(symbol > MAX_CODE_LENGTH ? 0 : 4, 3)
  out.write(0, 1) // A length for each symbol.
  const lengthWords = codewords(Array.from({ length: MAX_CODE_LENGTH + 1 }, () => 4))
  for (const length of lengths) out.write(lengthWords[length]?.bits ?? 0, 4)
  return codewords(lengths)
}

function container(stream: Buffer): Buffer {
  const padding = stream.length % 2
  const header = Buffer.alloc(20)
  header.write('RIFF', 0, 'latin1')
  header.writeUInt32LE(12 + stream.length + padding, 4)
  header.write('WEBPVP8L', 8, 'latin1')
  header.writeUInt32LE(stream.length, 16)
  return Buffer.concat([header, stream, Buffer.alloc(padding)])
}
