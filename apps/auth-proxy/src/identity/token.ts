import { hash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { randomBase62, toBase62 } from './base62.ts'

/** A new token: the text is shown once, the rest is kept. */
export interface MintedToken {
  readonly id: string
  readonly text: string
  readonly sha256: string
}

/** What a text says that wants to be a token. */
export type TokenReading = { readonly id: string; readonly sha256: string } | 'mistyped'

const idLength = 12
/** 32 of 62 characters: 190 bits, so that one fast digest is protection enough. */
const secretLength = 32
const checksumLength = 6
const pattern = new RegExp(
  `^soen_[0-9A-Za-z]{${idLength}}_[0-9A-Za-z]{${secretLength}}[0-9A-Za-z]{${checksumLength}}$`,
)

const idAndMore = new RegExp(`^[0-9A-Za-z]{${idLength}}_`)

/** How every token starts, for people and for programs that look for leaked secrets. */
export const tokenPrefix = 'soen_'

/** Draws a token, `soen_ID_SECRET` with a checksum as its last six characters. */
export function mintToken(): MintedToken {
  const id = randomBase62(idLength)
  const body = `${tokenPrefix}${id}_${randomBase62(secretLength)}`
  const text = `${body}${checksumOf(body)}`
  return { id, text, sha256: digestOf(text) }
}

/** Reads a token; undefined when the text does not claim to be one. */
export function readToken(text: string): TokenReading | undefined {
  if (!text.startsWith(tokenPrefix)) return undefined
  if (!pattern.test(text)) return 'mistyped'
  const body = text.slice(0, -checksumLength)
  if (text.slice(-checksumLength) !== checksumOf(body)) return 'mistyped'
  return { id: body.slice(tokenPrefix.length, tokenPrefix.length + idLength), sha256: digestOf(text) }
}

/** The id in what may be a whole token, or one cut off: its secret belongs into no path, record or answer. */
export function tokenIdIn(text: string): string {
  const rest = text.startsWith(tokenPrefix) ? text.slice(tokenPrefix.length) : text
  return rest !== text || idAndMore.test(text) ? rest.slice(0, idLength) : text
}

/** A text in which tokens show no more than their ids, for logs. */
export function withoutSecrets(text: string): string {
  // Nearly no text has one, and this is asked of every request's path.
  if (!text.includes(tokenPrefix)) return text
  return text.replaceAll(/(?<shown>soen_[0-9A-Za-z]{12}_)[0-9A-Za-z]+/g, '$<shown>…')
}

/** Lets a scanner tell a real token from a made-up one, and a person a cut-off one, without asking us. */
function checksumOf(body: string): string {
  return toBase62(crc32(body), checksumLength)
}

function digestOf(text: string): string {
  return hash('sha256', text, 'base64url')
}
