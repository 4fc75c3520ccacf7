import { drawText, textWidth } from './draw-text.ts'
import type { Histogram } from './histogram.ts'
import type { BytePixels } from './pixels.ts'

const WIDTH = 512
const HEIGHT = 320
const MARGIN = 12
/** The space for labels, above and below the bars. */
const FOOT = 40
const WHITE = 255
const BAR_COLOR = [68, 119, 170] as const

/** Draw a histogram as bars, with the first and last edge below and the largest count above. */
export function drawHistogram({ counts, edges }: Histogram): BytePixels {
  const image = {
    width: WIDTH,
    height: HEIGHT,
    channels: 3,
    data: new Uint8Array(WIDTH * HEIGHT * 3).fill(WHITE),
  } as const
  const largest = Math.max(...counts, 1)
  const [top, bottom] = [FOOT, HEIGHT - FOOT]
  const columns = WIDTH - 2 * MARGIN
  for (let column = 0; column < columns; column += 1) {
    const count = counts[Math.floor((column * counts.length) / columns)] ?? 0
    const height = Math.ceil((count / largest) * (bottom - top))
    for (let row = bottom - height; row < bottom; row += 1)
      image.data.set(BAR_COLOR, (row * WIDTH + MARGIN + column) * 3)
  }
  image.data.fill(0, (bottom * WIDTH + MARGIN) * 3, (bottom * WIDTH + WIDTH - MARGIN) * 3)
  const [first, last] = [edges[0] ?? 0, edges.at(-1) ?? 0].map(short)
  drawText(image, short(largest), { x: MARGIN, y: MARGIN / 2 })
  drawText(image, first ?? '', { x: MARGIN, y: bottom + MARGIN / 2 })
  drawText(image, last ?? '', { x: WIDTH - MARGIN - textWidth(last ?? ''), y: bottom + MARGIN / 2 })
  return image
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)))
}
