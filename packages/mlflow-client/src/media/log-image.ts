import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { attempt } from '../run/attempt.ts'
import type { Run } from '../run/run.ts'
import { shrink, toBytes, type Pixels } from './pixels.ts'
import { decodePng, encodePng } from './png.ts'
import { encodeWebp } from './webp.ts'

/** An image: its pixels, the bytes of a PNG, JPEG, WebP or GIF file, or the path of such a file. */
export type ImageSource = Pixels | Uint8Array | string | URL

/** The position of an image among those with its key. */
export interface ImageOptions {
  /** An integer from 0; 0 by default. */
  readonly step?: number | undefined
  /** In whole milliseconds since the epoch; now by default. */
  readonly timestampMs?: number | undefined
}

/** MLflow's own rule, with a limit that keeps the name with step, time and a UUID valid as a file name. */
const KEY = /^[\w\-./ ]{1,150}$/
/** The size of the preview that MLflow's page shows before the image is opened. */
const PREVIEW_SIZE = 256
/** The limit for images decoded synchronously for a preview: some tenths of a second. */
const MAX_DECODED_PIXELS = 4_000_000

const SIGNATURES: Readonly<Record<string, RegExp>> = {
  png: /^\x89PNG\r\n/,
  jpeg: /^\xff\xd8\xff/,
  gif: /^GIF8/,
  webp: /^RIFF[^]{4}WEBP/,
}

/**
 * Log an image of one step: MLflow's page shows those of one key as a grid with a slider over the steps.
 *
 * It is stored as MLflow's own client stores it, the image itself and a small WebP beside it. The page asks for the ending
 * `.png` of all images, and the browser looks at their content: JPEG, WebP and GIF files stay as they are under that name.
 * Their preview, and that of a large or rare PNG, is the image itself.
 *
 * @param key - letters, digits, `_`, `-`, `.`, spaces and slashes, at most 150
 */
export function logImage(run: Run, key: string, image: ImageSource, options: ImageOptions = {}): void {
  attempt(run, `image ${key}`, () => {
    const { step = 0, timestampMs = Date.now() } = options
    if (!KEY.test(key))
      throw new TypeError('its name has other characters than letters, digits, _ - . / and spaces')
    for (const number of [step, timestampMs])
      if (!Number.isSafeInteger(number) || number < 0) throw new TypeError(`${number} is no step or time`)
    const { file, preview } = readImage(image)
    const name = `${key.replaceAll('/', '~')}+step+${step}+timestamp+${timestampMs}+${randomUUID()}`
    run.bytes(file, `images/${name}.png`)
    run.bytes(preview, `images/${name}+compressed.webp`)
    run.tag('mlflow.loggedImages', 'true')
  })
}

/** An image in a cell of a table, in MLflow's form. */
export interface ImageCell {
  readonly type: 'image'
  readonly filepath: string
  readonly compressed_filepath: string
}

/** Upload an image for a cell of `logTable`; for an invalid one, undefined and a warning. */
export function tableImage(run: Run, image: ImageSource): ImageCell | undefined {
  const place = `table_images/${randomUUID()}`
  const cell = { type: 'image', filepath: `${place}.png`, compressed_filepath: `${place}.webp` } as const
  let isStored = false
  attempt(run, 'image of a table', () => {
    const { file, preview } = readImage(image)
    run.bytes(file, cell.filepath)
    run.bytes(preview, cell.compressed_filepath)
    isStored = true
  })
  return isStored ? cell : undefined
}

/** Encode pixels as a PNG file, for `run.bytes`. */
export function toPng(image: Pixels): Uint8Array {
  return encodePng(toBytes(image))
}

function readImage(image: ImageSource): { readonly file: Uint8Array; readonly preview: Uint8Array } {
  if (typeof image === 'object' && 'channels' in image) {
    const pixels = toBytes(image)
    return { file: encodePng(pixels), preview: encodeWebp(shrink(pixels, PREVIEW_SIZE)) }
  }
  const file = ArrayBuffer.isView(image) ? image : readFileSync(image)
  const head = Buffer.from(file.buffer, file.byteOffset, Math.min(file.byteLength, 24))
  const start = head.toString('latin1')
  if (!Object.values(SIGNATURES).some((signature) => signature.test(start)))
    throw new TypeError('it is no PNG, JPEG, WebP or GIF file')
  const isSmall =
    SIGNATURES['png']?.test(start) === true &&
    head.readUInt32BE(16) * head.readUInt32BE(20) <= MAX_DECODED_PIXELS
  const pixels = isSmall ? decodePng(file) : undefined
  return { file, preview: pixels === undefined ? file : encodeWebp(shrink(pixels, PREVIEW_SIZE)) }
}
