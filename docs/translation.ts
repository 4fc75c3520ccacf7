import { createHash } from 'node:crypto'

/** The hash of an English page, which its German translation records in its front matter as `source`. */
export function sourceHash(englishPage: string): string {
  return createHash('sha256').update(englishPage).digest('hex').slice(0, 12)
}
