/** The smallest number that single precision stores with full precision. */
const SMALLEST_NORMAL = 2 ** -126

/**
 * The number with the fewest digits that single precision stores as `value`.
 *
 * An event file stores 0.1 as 0.10000000149011612; 0.1 is what was meant, and what reads well.
 */
export function shortestFloat32(value: number): number {
  // Integers are counts, and exact.
  if (!Number.isFinite(value) || Number.isSafeInteger(value)) return value
  // Six digits always survive single precision, nine always suffice; denormal numbers hold fewer.
  for (let digits = Math.abs(value) < SMALLEST_NORMAL ? 1 : 6; digits < 9; digits += 1) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return Number(value.toPrecision(9))
}
