import { crc32 } from 'node:zlib'

/** The longest name that the server accepts, in code points. */
export const MAX_NAME_LENGTH = 250

/** How names are cleaned. */
export interface SanitizeOptions {
  /** Keep `/`, by which MLflow's page groups charts. */
  readonly keepSlashes?: boolean
}

// MLflow's rule is Python's `^[/\w.\- :]*$`, where \w knows every script's letters and digits.
const FORBIDDEN = /[^\p{L}\p{N}_.\- :/]+/gu

/** The name that MLflow accepts for `original`: `val_loss/total` becomes `val_loss_total`. */
export function sanitizeName(original: string, { keepSlashes = false }: SanitizeOptions = {}): string {
  // `system/` is the prefix by which MLflow's page finds system metrics.
  const slashesStay = keepSlashes || original.startsWith('system/')
  let name = original.replaceAll('@', '_at_').replaceAll('%', '_pct').replace(FORBIDDEN, '_')
  name = slashesStay ? normalizePath(name) : name.replaceAll('/', '_')
  // A valid name is left alone, so that `a__b` stays `a__b`.
  if (name !== original) name = name.replace(/_{2,}/g, '_').replace(/^_+|_+$/g, '')
  if (name.startsWith('..') || name === '.') name = name.replace(/^\.+/, '_')
  if (name === '') name = 'unnamed'
  return shorten(name, original)
}

/** MLflow stores names as paths, and accepts only those in normal form. */
function normalizePath(name: string): string {
  return name
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .join('/')
}

function shorten(name: string, original: string): string {
  const letters = Array.from(name)
  if (letters.length <= MAX_NAME_LENGTH) return name
  const hash = crc32(original).toString(16).padStart(8, '0')
  return `${letters.slice(0, MAX_NAME_LENGTH - 9).join('')}_${hash}`
}
