import { createHash } from 'node:crypto'

/** What a German page records in its front matter as `source`: the English text that it says the same as. */
export function sourceHash(englishPage: string): string {
  return createHash('sha256').update(englishPage).digest('hex').slice(0, 12)
}
