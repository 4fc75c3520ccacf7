import { CliError } from '../errors.ts'

/**
 * Parses a server's address into its normal form: https by default, without a trailing slash.
 *
 * @throws CliError for something that isn't an address, contains a password, or would send one unencrypted
 */
export function parseServerUrl(text: string, { plainHttp = false }: { plainHttp?: boolean } = {}): string {
  const written = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`
  const url = URL.canParse(written) ? new URL(written) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new CliError(`This is not the address of a server: ${withoutUser(text)}`, {
      code: 'SOEN_SERVER_URL_INVALID',
      hint: 'Write it as in a browser: https://mlflow.example.org',
    })
  }
  if (url.username !== '' || url.password !== '') {
    throw new CliError('The address names a user or a password, which every process list shows.', {
      code: 'SOEN_SERVER_URL_INVALID',
      hint: `Leave it out; it is asked for: soen login ${url.origin}`,
    })
  }
  if (url.protocol === 'http:' && !plainHttp && !isLoopback(url.hostname)) {
    throw new CliError(
      `${url.origin} would get the password unencrypted: everybody on the way could read it.`,
      {
        code: 'SOEN_SERVER_NOT_ENCRYPTED',
        hint: 'Use its https address. In a network where you trust every machine: --plain-http',
      },
    )
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host)
}

function withoutUser(text: string): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)?\S*@/i, '$1***@')
}
