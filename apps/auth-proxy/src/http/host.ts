import { UsageError } from '../errors/auth-proxy-error.ts'
import { Refusal } from '../errors/refusals.ts'

const loopbackNames: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])
const hostHeader = /^(?<name>\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::\d{1,5})?$/

/** Reads a name to be allowed, as `checkHost` will compare it. */
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
 * Refuses names that this server was not given, so that a page whose name was rebound to our address (DNS
 * rebinding) gets nothing. The port does not count; loopback names are always ours.
 */
export function checkHost(header: string | undefined, allowedHosts: ReadonlySet<string>): void {
  const name = hostHeader.exec((header ?? '').toLowerCase())?.groups?.['name']
  if (name === undefined || !(loopbackNames.has(name) || allowedHosts.has(name))) {
    throw new Refusal('SOEN_HOST_NOT_ALLOWED')
  }
}
