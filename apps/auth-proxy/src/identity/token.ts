import { hash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { randomBase62, toBase62 } from './base62.ts'

/** A new token: the text is shown once, the rest is stored. */
export interface MintedToken {
  readonly id: string
  readonly text: string
  readonly sha256: string
}

/** The result of parsing a text that looks like a token. */
export type TokenReading = { readonly id: string; readonly sha256: string } | 'mistyped'

const idLength = 12
/** 32 of 62 characters: 190 bits, so that a single fast digest protects it well enough. */
const secretLength = 32
const checksumLength = 6
const pattern = new RegExp(
  `^soen_[0-9A-Za-z]{${idLength}}_[0-9A-Za-z]{${secretLength}}[0-9A-Za-z]{${checksumLength}}$`,
)

const idAndMore = new RegExp(`^[0-9A-Za-z]{${idLength}}_`)

/** The prefix of every token, for people and for secret scanners. */
export const tokenPrefix = 'soen_'

/** Generates a token, `soen_ID_SECRET` with a checksum as its last six characters. */
export function mintToken(): MintedToken {
  const id = randomBase62(idLength)
  const body = `${tokenPrefix}${id}_${randomBase62(secretLength)}`
  const text = `${body}${checksumOf(body)}`
  return { id, text, sha256: digestOf(text) }
}

/** Parses a token; undefined when the text does not look like one. */
export function readToken(text: string): TokenReading | undefined {
  if (!text.startsWith(tokenPrefix)) return undefined
  if (!pattern.test(text)) return 'mistyped'
  const body = text.slice(0, -checksumLength)
  if (text.slice(-checksumLength) !== checksumOf(body)) return 'mistyped'
  return { id: body.slice(tokenPrefix.length, tokenPrefix.length + idLength), sha256: digestOf(text) }
}

/** The id in a whole or truncated token: the secret must not get into any path, record or response. */
export function tokenIdIn(text: string): string {
  const rest = text.startsWith(tokenPrefix) ? text.slice(tokenPrefix.length) : text
  return rest !== text || idAndMore.test(text) ? rest.slice(0, idLength) : text
}

/** The text with every token reduced to its id, for logs. */
export function withoutSecrets(text: string): string {
  // A fast path: almost no text has a token, and this runs for every request's path.
  if (!text.includes(tokenPrefix)) return text
  return text.replaceAll(/(?<shown>soen_[0-9A-Za-z]{12}_)[0-9A-Za-z]+/g, '$<shown>…')
}

/**
 * Lets a scanner tell a real token from a made-up one, and a person notice a truncated one, without asking the
 * server.
 */
function checksumOf(body: string): string {
  return toBase62(crc32(body), checksumLength)
}

function digestOf(text: string): string {
  return hash('sha256', text, 'base64url')
}
