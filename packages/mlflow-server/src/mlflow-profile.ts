import { fileURLToPath } from 'node:url'
import { MlflowServerError } from './errors.ts'
import type { ProgramPlan } from './process/program-plan.ts'

/** The options of MLflow's run profile. */
export interface MlflowProfileOptions {
  /** The Python of the environment that MLflow is installed in. */
  readonly python: string
  /** The path of `mlflowProgram`, if another machine runs it. */
  readonly program?: string
  /** The unix socket that MLflow listens on; its folder's mode decides who can connect. */
  readonly socketPath: string
  /** `sqlite:////abs/mlflow.db` or any PostgreSQL URL. */
  readonly backendStoreUri: string
  /** An absolute folder or `s3://bucket/prefix`. */
  readonly artifactsDestination: string
  /** The number of server processes. */
  readonly workers?: number
  /** The host names that MLflow accepts; the front door always sends `localhost`. */
  readonly allowedHosts?: readonly string[]
  /** The S3 endpoint, where it is not AWS. */
  readonly s3EndpointUrl?: string
  /** Whether an older MLflow's PostgreSQL may be migrated: set it only after a backup. */
  readonly mayMigrate?: boolean
}

/** The program that runs `mlflow server` with forked workers; see the file. */
export const mlflowProgram: string = fileURLToPath(new URL('../mlflow/serve.py', import.meta.url))

/** What `mlflowProgram` imports from its own folder: it keeps MLflow able to start on its database. */
export const mlflowDatabase: string = fileURLToPath(new URL('../mlflow/kept_database.py', import.meta.url))

/** The path of a unix socket may have 108 bytes on Linux and 104 on macOS, including the final zero. */
export const maxSocketPathBytes = 103

/**
 * The tuned run profile of MLflow, the same on a laptop and on a server.
 *
 * Anything that could contain a secret is passed by the environment: every user of the machine can read command
 * lines.
 *
 * @throws MlflowServerError `SOEN_SOCKET_PATH_TOO_LONG`
 */
export function mlflowProfile(options: MlflowProfileOptions): ProgramPlan {
  const { python, program = mlflowProgram, socketPath, artifactsDestination, workers = 2 } = options
  const { allowedHosts = ['localhost'] } = options
  if (Buffer.byteLength(socketPath) > maxSocketPathBytes) {
    throw new MlflowServerError(`The socket path ${socketPath} is longer than ${maxSocketPathBytes} bytes.`, {
      code: 'SOEN_SOCKET_PATH_TOO_LONG',
      hint: 'Choose a shorter folder with --home.',
    })
  }
  const isS3 = artifactsDestination.startsWith('s3://')
  const isPostgres = options.backendStoreUri.startsWith('postgres')
  return {
    command: python,
    args: [program, 'server', '--workers', String(workers)],
    env: {
      MLFLOW_BACKEND_STORE_URI: withPsycopg2(options.backendStoreUri),
      MLFLOW_ARTIFACTS_DESTINATION: artifactsDestination,
      MLFLOW_SERVER_ALLOWED_HOSTS: allowedHosts.join(','),
      // The front door writes the access log: it knows the users.
      MLFLOW_UVICORN_OPTS: `--uds ${shellQuote(socketPath)} --no-access-log`,
      // The job runner and its seven consumers take 1.3 GB, and nothing here needs them.
      MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
      // The gateway would hold keys of other services; without it MLflow's page has no link to it.
      MLFLOW_ENABLE_AI_GATEWAY: 'false',
      MLFLOW_DISABLE_TELEMETRY: 'true',
      DO_NOT_TRACK: 'true',
      GIT_PYTHON_REFRESH: 'quiet',
      PYTHONUNBUFFERED: '1',
      PYTHONWARNINGS: 'ignore::DeprecationWarning',
      ...(isPostgres && pool),
      ...(options.mayMigrate && { SOEN_MIGRATE_DATABASE: 'true' }),
      ...(isS3 && {
        MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD: 'true',
        MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD: 'true',
      }),
      ...(options.s3EndpointUrl !== undefined && { MLFLOW_S3_ENDPOINT_URL: options.s3EndpointUrl }),
    },
  }
}

/** The maximum number of PostgreSQL connections per worker. */
export const maxConnectionsPerWorker = 80

/**
 * A worker handles 40 requests at once, and one may need a second connection while it holds its first. With
 * SQLAlchemy's default of 15, that many concurrent requests deadlock until each fails after 30 s, with a 400 that
 * clients take for their own mistake.
 */
const pool = {
  MLFLOW_SQLALCHEMYSTORE_POOL_SIZE: '20',
  MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW: String(maxConnectionsPerWorker - 20),
} as const

/** SQLAlchemy 2.1 uses psycopg 3 for a bare `postgresql://`; the locked environment has psycopg2. */
function withPsycopg2(uri: string): string {
  return uri.replace(/^postgres(ql)?:\/\//, 'postgresql+psycopg2://')
}

/** MLflow splits its uvicorn options like a shell. */
function shellQuote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
