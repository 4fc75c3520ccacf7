import { errorPages } from '@soen/auth-proxy'
import { cliErrorPages } from '@soen/cli'
import { hostErrorPages } from '@soen/host'
import { CLIENT_ERROR_CODES } from '@soen/mlflow-client'
import { mlflowServerErrorPages } from '@soen/mlflow-server'
import { settingsErrorPages } from '@soen/settings'

type ErrorPages = Readonly<Record<string, readonly string[]>>

/** Each package's own table: pages of `troubleshooting/`, with the codes that have a section there. */
const tables: readonly ErrorPages[] = [
  { client: CLIENT_ERROR_CODES },
  errorPages,
  cliErrorPages,
  hostErrorPages,
  mlflowServerErrorPages,
  settingsErrorPages,
]

/** Every page with all codes that some package says are explained there. */
export const explainedOn: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  [...new Set(tables.flatMap((table) => Object.keys(table)))].map((page) => [
    page,
    new Set(tables.flatMap((table) => table[page] ?? [])),
  ]),
)
