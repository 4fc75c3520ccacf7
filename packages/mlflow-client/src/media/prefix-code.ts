/** The code of a symbol. */
export interface Codeword {
  /** With its first bit lowest. */
  readonly bits: number
  readonly length: number
}

/**
 * The lengths of an optimal prefix code (Huffman), 0 for symbols that do not occur.
 *
 * @param counts - how often each symbol occurs
 * @param maxLength - of a codeword, in bits
 */
export function codeLengths(counts: readonly number[], maxLength: number): number[] {
  const lengths = treeDepths(counts)
  // Flatter counts give a flatter tree; equal ones the flattest.
  return Math.max(...lengths) <= maxLength
    ? lengths
    : codeLengths(
        counts.map((count) => Math.ceil(count / 2)),
        maxLength,
      )
}

interface Tree {
  readonly count: number
  readonly symbols: readonly number[]
}

function treeDepths(counts: readonly number[]): number[] {
  const depths = counts.map(() => 0)
  let trees = counts
    .map((count, symbol): Tree => ({ count, symbols: [symbol] }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => a.count - b.count)
  while (trees.length > 1) {
    const [first, second, ...others] = trees
    if (first === undefined || second === undefined) break
    const joined = { count: first.count + second.count, symbols: [...first.symbols, ...second.symbols] }
    for (const symbol of joined.symbols) depths[symbol] = (depths[symbol] ?? 0) + 1
    const place = others.findIndex(({ count }) => count >= joined.count)
    trees = others.toSpliced(place === -1 ? others.length : place, 0, joined)
  }
  return depths
}

/** The canonical codewords for these lengths: shorter ones first, then by symbol. */
export function codewords(lengths: readonly number[]): Codeword[] {
  const words = lengths.map((length) => ({ bits: 0, length }))
  let next = 0
  for (let length = 1; length <= Math.max(...lengths); length += 1) {
    for (const word of words.filter((each) => each.length === length)) {
      word.bits = reversed(next, length)
      next += 1
    }
    next *= 2
  }
  return words
}

function reversed(bits: number, length: number): number {
  let result = 0
  for (let index = 0; index < length; index += 1) result |= ((bits >> index) & 1) << (length - 1 - index)
  return result
}
