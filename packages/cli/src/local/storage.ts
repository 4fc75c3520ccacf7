import { resolve } from 'node:path'
import type { LocalTarget } from '@soen/settings'
import { CliError } from '../errors.ts'
import { passwordOf, withoutPassword } from './database-url.ts'
import type { Home } from './home.ts'

/** The storage that the user chose. */
export interface StorageChoice {
  /** `--postgres`: any PostgreSQL URL without a password. */
  readonly postgres?: string | undefined
  /** `--artifacts`: `s3://bucket/prefix` or a folder. */
  readonly artifacts?: string | undefined
  /** `--s3-endpoint`, for a bucket outside AWS. */
  readonly s3Endpoint?: string | undefined
  /** `--migrate-database`: there is a backup, so a database of an older MLflow may be migrated. */
  readonly migrateDatabase?: boolean | undefined
}

/** Where MLflow stores its data. */
export interface Storage {
  readonly backendStoreUri: string
  readonly artifactsDestination: string
  readonly s3EndpointUrl?: string
  readonly mayMigrate?: boolean
  /** The same for display, without a password. */
  readonly shown: { readonly database: string; readonly artifacts: string }
}

/**
 * Picks the storage: from the command line, else our own environment variables, else soen.yaml, else SQLite and a
 * folder. The AWS tools' variables come last: they apply to every program on this computer.
 *
 * @throws CliError `SOEN_PASSWORD_ON_COMMAND_LINE`, `SOEN_BAD_DATABASE_URL`
 */
export function planStorage(
  home: Home,
  choice: StorageChoice,
  env: NodeJS.ProcessEnv,
  target: Pick<LocalTarget, 'database' | 'artifacts'>,
): Storage {
  const settled = target.database === 'sqlite' ? undefined : target.database
  const postgres = choice.postgres ?? env['SOEN_POSTGRES_URL'] ?? settled
  // An endpoint belongs to its bucket: it must not be used with artifacts stored elsewhere.
  const bucket =
    choice.artifacts !== undefined || target.artifacts.uri === 'disk' ? undefined : target.artifacts
  const artifacts = choice.artifacts ?? bucket?.uri ?? home.artifacts
  const isS3 = artifacts.startsWith('s3://')
  const endpoint =
    choice.s3Endpoint ?? bucket?.endpoint ?? env['AWS_ENDPOINT_URL_S3'] ?? env['MLFLOW_S3_ENDPOINT_URL']
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
    ...(choice.migrateDatabase && { mayMigrate: true }),
    shown: {
      database: postgres === undefined ? home.database : withoutPassword(postgres),
      artifacts: artifactsDestination,
    },
  }
}
