import { fileURLToPath } from 'node:url'
import { MlflowServerError } from './errors.ts'
import type { ProgramPlan } from './process/program-plan.ts'

/** What MLflow's run profile depends on. */
export interface MlflowProfileOptions {
  /** The Python of the environment that MLflow is installed in. */
  readonly python: string
  /** Where `mlflowProgram` stands, if it is not this machine that runs it. */
  readonly program?: string
  /** The unix socket MLflow listens on; its folder decides who may connect. */
  readonly socketPath: string
  /** `sqlite:////abs/mlflow.db` or any PostgreSQL URL. */
  readonly backendStoreUri: string
  /** An absolute folder or `s3://bucket/prefix`. */
  readonly artifactsDestination: string
  /** Server processes. */
  readonly workers?: number
  /** Host names MLflow answers to; the front door always sends `localhost`. */
  readonly allowedHosts?: readonly string[]
  /** The S3 endpoint, where it is not AWS. */
  readonly s3EndpointUrl?: string
  /** Whether a PostgreSQL of an older MLflow may be migrated: whoever says so has copied it. */
  readonly mayMigrate?: boolean
}

/** The program that runs `mlflow server` with forked workers, see there. */
export const mlflowProgram: string = fileURLToPath(new URL('../mlflow/serve.py', import.meta.url))

/** What `mlflowProgram` imports from its own folder: it keeps MLflow able to start on its database. */
export const mlflowDatabase: string = fileURLToPath(new URL('../mlflow/kept_database.py', import.meta.url))

/** Linux keeps 108 bytes for a socket's path, macOS 104, both with a closing zero. */
export const maxSocketPathBytes = 103

/**
 * The tuned run profile of MLflow, the same on a laptop and on a server.
 *
 * Everything that could hold a secret goes by the environment: a command line is readable by every user of
 * the machine.
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
      // Access lines are the front door's: it knows who asked.
      MLFLOW_UVICORN_OPTS: `--uds ${shellQuote(socketPath)} --no-access-log`,
      // The job runner and its seven consumers take 1.3 GB and nothing here needs them.
      MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
      // It would hold keys of other services; without it MLflow's page doesn't lead there.
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

/** Connections to PostgreSQL that each worker may have at most. */
export const maxConnectionsPerWorker = 80

/**
 * A worker answers 40 requests at once, and one may need a second connection while it holds its first. With
 * SQLAlchemy's 15 for all, as many requests at once wait for each other until each fails after 30 s, with a 400 that
 * clients take for their own mistake.
 */
const pool = {
  MLFLOW_SQLALCHEMYSTORE_POOL_SIZE: '20',
  MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW: String(maxConnectionsPerWorker - 20),
} as const

/** SQLAlchemy 2.1 takes psycopg 3 for a bare `postgresql://`; the locked environment holds psycopg2. */
function withPsycopg2(uri: string): string {
  return uri.replace(/^postgres(ql)?:\/\//, 'postgresql+psycopg2://')
}

/** MLflow splits its uvicorn options as a shell would. */
function shellQuote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
