import { UsageError } from '../errors/auth-proxy-error.ts'
import { Refusal } from '../errors/refusals.ts'

const loopbackNames: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])
const hostHeader = /^(?<name>\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::\d{1,5})?$/

/** Parses an allowed host name into the form that `checkHost` compares. */
export function parseAllowedHost(text: string): string {
  const name = text.toLowerCase()
  if (hostHeader.exec(name)?.groups?.['name'] === name) return name
  throw new UsageError({
    code: 'SOEN_ALLOWED_HOST_INVALID',
    message: `--allowed-host ${text} is not a host name.`,
    hint: 'Write the name alone, for instance mlflow.example.org: every port is meant.',
  })
}

/**
 * Refuses requests for host names that are not this server's, so that DNS rebinding, a foreign page whose name
 * resolves to our address, gets nothing. Ports are ignored; loopback names are always allowed.
 */
export function checkHost(header: string | undefined, allowedHosts: ReadonlySet<string>): void {
  const name = hostHeader.exec((header ?? '').toLowerCase())?.groups?.['name']
  if (name === undefined || !(loopbackNames.has(name) || allowedHosts.has(name))) {
    throw new Refusal('SOEN_HOST_NOT_ALLOWED')
  }
}
