/** The user name and password of a login attempt. */
export interface Credentials {
  /** Empty where only a token was given. */
  readonly user: string
  readonly password: string
}

const scheme = /^basic +(?<token>[a-z0-9+/]+={0,2}) *$/i
// oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
const controls = /[\u0000-\u001f\u007f]/
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Parses an `Authorization: Basic` header; undefined when it cannot be a login. */
export function parseBasic(header: string): Credentials | undefined {
  const token = scheme.exec(header)?.groups?.['token']
  if (token === undefined) return undefined
  const text = decode(token)
  const colon = text?.indexOf(':') ?? -1
  if (text === undefined || colon < 0 || colon === text.length - 1 || controls.test(text)) return undefined
  return { user: text.slice(0, colon), password: text.slice(colon + 1) }
}

/** The token of an `Authorization: Bearer` header, or undefined for another scheme. */
export function parseBearer(header: string): string | undefined {
  return /^bearer +(?<token>\S+) *$/i.exec(header)?.groups?.['token']
}

function decode(base64: string): string | undefined {
  try {
    return strictUtf8.decode(Buffer.from(base64, 'base64'))
  } catch {
    return undefined
  }
}
