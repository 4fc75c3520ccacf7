import { CliError } from '../errors.ts'

/** Without a host, as PostgreSQL's socket URLs are, WHATWG's parser refuses a user: the URL is read by hand. */
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
 * The password in the URL of a PostgreSQL; empty where it has none.
 *
 * @throws CliError `SOEN_BAD_DATABASE_URL`
 */
export function passwordOf(url: string): string {
  const { account, query } = partsOf(url)
  const [, password = ''] = account.split(/:(.*)/s)
  return password || (new URLSearchParams(query).get('password') ?? '')
}

/** The URL, fit to be shown. */
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
  // Each driver cuts such a URL elsewhere, and names a piece of the password as the host that it does not find.
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

/** Shows nothing of the URL: what stands in the wrong place may be a piece of the password. */
function badUrl(message: string): CliError {
  return new CliError(message, {
    code: 'SOEN_BAD_DATABASE_URL',
    hint: 'Write it as postgresql://USER@HOST:5432/DATABASE; in a password @ is %40, / is %2F, ? is %3F, # is %23 and % is %25.',
  })
}
