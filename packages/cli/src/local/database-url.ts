import { CliError } from '../errors.ts'

/** Parsed by pattern: PostgreSQL's socket URLs have no host, and for those WHATWG's parser rejects a user name. */
const shape =
  /^(?<scheme>postgres(?:ql)?(?:\+psycopg2)?:\/\/)(?:(?<account>[^@/?#]*)@)?(?<hosts>[^/?#]*)(?<path>[^?]*)(?<query>.*)$/s

interface Parts {
  readonly scheme: string
  readonly account: string
  readonly hosts: string
  readonly path: string
  readonly query: string
}

/**
 * The password in a PostgreSQL URL; empty where it has none.
 *
 * @throws CliError `SOEN_BAD_DATABASE_URL`
 */
export function passwordOf(url: string): string {
  const { account, query } = partsOf(url)
  const [, password = ''] = account.split(/:(.*)/s)
  return password || (new URLSearchParams(query).get('password') ?? '')
}

/** The URL without its password, for display. */
export function withoutPassword(url: string): string {
  if (passwordOf(url) === '') return url
  const { scheme, account, hosts, path, query } = partsOf(url)
  const user = account.split(':')[0] ?? ''
  return `${scheme}${user}@${hosts}${path}${query.replace(/([?&]password=)[^&]*/, '$1***')}`
}

function partsOf(url: string): Parts {
  const { scheme, account = '', hosts = '', path = '', query = '' } = shape.exec(url)?.groups ?? {}
  if (scheme === undefined) throw badUrl('This is no PostgreSQL URL.')
  const parts = { scheme, account, hosts, path, query }
  // Drivers split such a URL differently, and would report a piece of the password as an unknown host.
  if (!isUnambiguous(parts)) {
    throw badUrl('The URL of the database has a character that has to be encoded, perhaps in its password.')
  }
  return parts
}

function isUnambiguous({ account, hosts, path, query }: Parts): boolean {
  return (
    !/%(?![\da-f]{2})/i.test(account) &&
    hosts.split(',').every((host) => /^(?:\[[\da-f:.]+\]|[^:@[\]]*)(?::\d+)?$/i.test(host)) &&
    !/[@#]/.test(path) &&
    query.split(/[?&]/).every((field) => field === '' || /^\w+=/.test(field))
  )
}

/** Shows nothing of the URL: a misplaced part may be a piece of the password. */
function badUrl(message: string): CliError {
  return new CliError(message, {
    code: 'SOEN_BAD_DATABASE_URL',
    hint: 'Write it as postgresql://USER@HOST:5432/DATABASE; in a password @ is %40, / is %2F, ? is %3F, # is %23 and % is %25.',
  })
}
