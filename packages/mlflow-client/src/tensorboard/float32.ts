/** The smallest number that single precision holds with all its digits. */
const SMALLEST_NORMAL = 2 ** -126

/**
 * The number with the fewest digits that single precision stores as `value`.
 *
 * 0.1 is kept as 0.10000000149011612 in an event file; 0.1 is what was meant, and what reads well.
 */
export function shortestFloat32(value: number): number {
  // Whole numbers are counts: exact as they are.
  if (!Number.isFinite(value) || Number.isSafeInteger(value)) return value
  // Six digits always survive single precision, nine always suffice; denormal numbers hold fewer.
  for (let digits = Math.abs(value) < SMALLEST_NORMAL ? 1 : 6; digits < 9; digits += 1) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return Number(value.toPrecision(9))
}
