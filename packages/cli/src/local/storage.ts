import { resolve } from 'node:path'
import { CliError } from '../errors.ts'
import type { Home } from './home.ts'

/** What a person chose about where the data goes. */
export interface StorageChoice {
  /** `--postgres`: any PostgreSQL URL without a password. */
  readonly postgres?: string | undefined
  /** `--artifacts`: `s3://bucket/prefix` or a folder. */
  readonly artifacts?: string | undefined
  /** `--s3-endpoint`, where the bucket is not at AWS. */
  readonly s3Endpoint?: string | undefined
}

/** Where MLflow keeps its data. */
export interface Storage {
  readonly backendStoreUri: string
  readonly artifactsDestination: string
  readonly s3EndpointUrl?: string
  /** The same, fit to be shown: no password. */
  readonly shown: { readonly database: string; readonly artifacts: string }
}

/**
 * SQLite and a folder unless something else was chosen.
 *
 * @throws CliError `SOEN_PASSWORD_ON_COMMAND_LINE`, `SOEN_BAD_DATABASE_URL`
 */
export function planStorage(home: Home, choice: StorageChoice, env: NodeJS.ProcessEnv): Storage {
  const postgres = choice.postgres ?? env['SOEN_POSTGRES_URL']
  const artifacts = choice.artifacts ?? home.artifacts
  const isS3 = artifacts.startsWith('s3://')
  const endpoint = choice.s3Endpoint ?? env['AWS_ENDPOINT_URL_S3'] ?? env['MLFLOW_S3_ENDPOINT_URL']
  const artifactsDestination = isS3 ? artifacts.replace(/\/+$/, '') : resolve(artifacts)
  if (choice.postgres !== undefined && passwordOf(choice.postgres) !== '') {
    throw new CliError('A password on the command line can be read by every user of this machine.', {
      code: 'SOEN_PASSWORD_ON_COMMAND_LINE',
      hint: 'Put the URL into SOEN_POSTGRES_URL, or leave the password out and keep it in ~/.pgpass.',
    })
  }
  return {
    backendStoreUri: postgres ?? `sqlite:///${home.database}`,
    artifactsDestination,
    ...(isS3 && endpoint !== undefined && { s3EndpointUrl: endpoint }),
    shown: {
      database: postgres === undefined ? home.database : withoutPassword(postgres),
      artifacts: artifactsDestination,
    },
  }
}

/** Without a host, as PostgreSQL's socket URLs are, WHATWG's parser refuses a user: the URL is read by hand. */
const shape = /^(postgres(?:ql)?(?:\+psycopg2)?:\/\/)(?:([^@/?#]*)@)?([^/?#]*)(.*)$/s

function passwordOf(url: string): string {
  const match = shape.exec(url)
  if (match === null) {
    throw new CliError(`This is not a PostgreSQL URL: ${url.split('@').at(-1) ?? ''}`, {
      code: 'SOEN_BAD_DATABASE_URL',
      hint: 'Write it as postgresql://USER@HOST:5432/DATABASE.',
    })
  }
  const [, password = ''] = (match[2] ?? '').split(/:(.*)/s)
  return password || (new URLSearchParams(match[4]?.split('?')[1]).get('password') ?? '')
}

function withoutPassword(url: string): string {
  if (passwordOf(url) === '') return url
  const [, scheme, account, host, rest = ''] = shape.exec(url) ?? []
  return `${scheme}${account?.split(':')[0]}@${host}${rest.replace(/([?&]password=)[^&]*/, '$1***')}`
}
