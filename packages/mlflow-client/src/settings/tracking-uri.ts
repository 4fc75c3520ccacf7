import { ClientError } from '../errors/client-error.ts'

/** How the client identifies itself to the server. */
export type Credentials =
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: string }

/** A parsed tracking URI: the server's address, and the credentials in it. */
export interface ParsedTrackingUri {
  /** The base of every request: no credentials, no query, no trailing slash. */
  readonly uri: string
  readonly username?: string
  readonly password?: string
}

const WORKS = 'Use the address of a tracking server, for example https://mlflow.example.org'

/**
 * Parse an http(s) tracking URI, separating credentials from it.
 *
 * They must not stay: `fetch` refuses URLs with credentials, and URIs end up in logs.
 */
export function parseTrackingUri(text: string): ParsedTrackingUri {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase()
  if (scheme !== 'http' && scheme !== 'https') {
    throw new ClientError({
      code: 'SOEN_UNSUPPORTED_TRACKING_URI',
      message: `The tracking URI ${redactUri(text)} is neither an address of a server nor a folder.`,
      hint: `http:, https: and file: work. ${WORKS}, or file:./mlruns`,
    })
  }
  if (!URL.canParse(text)) {
    throw new ClientError({
      code: 'SOEN_TRACKING_URI_INVALID',
      message: `The tracking URI ${redactUri(text)} cannot be read as a URL.`,
      hint: `Percent-encode special characters in the password (@ is %40, / is %2F). ${WORKS}`,
    })
  }
  const url = new URL(text)
  return {
    uri: `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}`,
    ...(url.username === '' ? {} : { username: percentDecode(url.username) }),
    ...(url.password === '' ? {} : { password: percentDecode(url.password) }),
  }
}

/** The text with everything before an `@` in its authority hidden, even when it is not a valid URL. */
export function redactUri(text: string): string {
  // Greedy up to the last @, because an unencoded @ or / in a password is a common mistake.
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)\S*@/i, '$1***@')
}

function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A password like "50%" was not percent-encoded.
    return text
  }
}
