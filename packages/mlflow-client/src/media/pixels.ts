/** An image as its pixels, row by row from the top left. */
export interface Pixels {
  readonly width: number
  readonly height: number
  /** 1: gray, 2: gray and alpha, 3: RGB, 4: RGBA. */
  readonly channels: 1 | 2 | 3 | 4
  /** `width * height * channels` values: integers from 0 to 255, or in an array of floats from 0 to 1. */
  readonly data: Uint8Array | Uint8ClampedArray | Float32Array | Float64Array
}

/** The same with one byte per value. */
export interface BytePixels extends Pixels {
  readonly data: Uint8Array
}

/**
 * Check an image, and convert its values to bytes. Floats are clamped to 0 to 1, and NaN becomes 0.
 *
 * @throws TypeError that names what is invalid
 */
export function toBytes({ width, height, channels, data }: Pixels): BytePixels {
  if (!isSize(width) || !isSize(height)) throw new TypeError(`an image cannot be ${width} × ${height} pixels`)
  if (![1, 2, 3, 4].includes(channels)) throw new TypeError(`an image cannot have ${channels} channels`)
  const wanted = width * height * channels
  if (data.length !== wanted)
    throw new TypeError(`${width} × ${height} × ${channels} are ${wanted} values, not ${data.length}`)
  const isFloat = data instanceof Float32Array || data instanceof Float64Array
  const bytes = isFloat
    ? Uint8Array.from(Uint8ClampedArray.from(data, (value) => value * 255))
    : Uint8Array.from(data)
  return { width, height, channels, data: bytes }
}

/** The image as RGBA. */
export function toRgba({ width, height, channels, data }: BytePixels): BytePixels {
  if (channels === 4) return { width, height, channels, data }
  const rgba = new Uint8Array(width * height * 4)
  const isGray = channels <= 2
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const from = pixel * channels
    for (let color = 0; color < 3; color += 1)
      rgba[pixel * 4 + color] = data[from + (isGray ? 0 : color)] ?? 0
    rgba[pixel * 4 + 3] = channels === 2 ? (data[from + 1] ?? 0) : 255
  }
  return { width, height, channels: 4, data: rgba }
}

/** Scale the image down, each pixel the mean of those it replaces; one that fits is returned unchanged. */
export function shrink(image: BytePixels, maxSize: number): BytePixels {
  const { width, height, channels, data } = image
  const scale = maxSize / Math.max(width, height)
  if (scale >= 1) return image
  const [columns, rows] = [Math.max(1, Math.trunc(width * scale)), Math.max(1, Math.trunc(height * scale))]
  const small = new Uint8Array(columns * rows * channels)
  for (let row = 0; row < rows; row += 1) {
    const [top, bottom] = span(row, rows, height)
    for (let column = 0; column < columns; column += 1) {
      const [left, right] = span(column, columns, width)
      for (let channel = 0; channel < channels; channel += 1) {
        let sum = 0
        for (let y = top; y < bottom; y += 1)
          for (let x = left; x < right; x += 1) sum += data[(y * width + x) * channels + channel] ?? 0
        small[(row * columns + column) * channels + channel] = Math.round(
          sum / ((bottom - top) * (right - left)),
        )
      }
    }
  }
  return { width: columns, height: rows, channels, data: small }
}

function span(index: number, count: number, size: number): [from: number, to: number] {
  return [Math.floor((index * size) / count), Math.floor(((index + 1) * size) / count)]
}

function isSize(size: number): boolean {
  return Number.isSafeInteger(size) && size > 0
}
