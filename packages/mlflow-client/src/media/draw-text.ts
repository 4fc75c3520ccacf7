import type { BytePixels } from './pixels.ts'

/** Five rows of three bits for each character in a number. */
const GLYPHS: Readonly<Record<string, readonly number[]>> = {
  '0': [7, 5, 5, 5, 7],
  '1': [2, 6, 2, 2, 7],
  '2': [7, 1, 7, 4, 7],
  '3': [7, 1, 7, 1, 7],
  '4': [5, 5, 7, 1, 1],
  '5': [7, 4, 7, 1, 7],
  '6': [7, 4, 7, 5, 7],
  '7': [7, 1, 1, 2, 2],
  '8': [7, 5, 7, 5, 7],
  '9': [7, 5, 7, 1, 7],
  '.': [0, 0, 0, 0, 2],
  '-': [0, 0, 7, 0, 0],
  '+': [0, 2, 7, 2, 0],
  e: [0, 7, 7, 4, 7],
}
const SCALE = 5
/** Three columns and a gap. */
const ADVANCE = 4 * SCALE

/** The width of a drawn number, in pixels. */
export function textWidth(text: string): number {
  return text.length * ADVANCE - SCALE
}

/** Draw a number in black, with its top left corner at a position in the image. */
export function drawText(
  image: BytePixels,
  text: string,
  place: { readonly x: number; readonly y: number },
): void {
  for (const [index, character] of text.split('').entries()) {
    for (const [row, bits] of (GLYPHS[character] ?? []).entries()) {
      for (const column of [0, 1, 2].filter((each) => ((bits >> (2 - each)) & 1) === 1))
        drawDot(image, place.x + index * ADVANCE + column * SCALE, place.y + row * SCALE)
    }
  }
}

function drawDot({ width, channels, data }: BytePixels, left: number, top: number): void {
  for (let row = top; row < top + SCALE; row += 1)
    data.fill(0, (row * width + left) * channels, (row * width + left + SCALE) * channels)
}
