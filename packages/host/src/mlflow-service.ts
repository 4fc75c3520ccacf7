import type { ServerTarget } from './server-target.ts'
import { HostError } from './errors.ts'
import { accounts, credentialsFolder, postgres, sockets, stateFolders, units } from './layout.ts'
import { mlflowProfile } from '@soen/mlflow-server'
import type { Payload } from './payload.ts'
import { environmentOf, payloadPaths, placeOf, sha256Of, storedFiles } from './payload.ts'
import type { Resource } from './resources/resource.ts'
import { databasePassword, service } from './service.ts'
import type { Sizing } from './sizing.ts'

/** The first start creates the database's tables, which takes long on a small, busy machine. */
const startTimeoutMs = 180_000

/** MLflow: its Python environment, its folder and its service; the plan waits until it is healthy. */
export function mlflowService(target: ServerTarget, payload: Payload, sizing: Sizing): readonly Resource[] {
  const user = accounts.mlflow
  const state = stateFolders.mlflow
  const environment = environmentOf(payload)
  const wheels = storedFiles(payload, 'wheels/')
  const isLocal = target.database === 'postgres'
  const profile = mlflowProfile({
    python: `${environment}/bin/python`,
    program: placeOf(payloadPaths.mlflowProgram),
    socketPath: sockets.mlflow,
    backendStoreUri: isLocal ? localUrl : target.database,
    artifactsDestination: artifactsOf(target),
    workers: sizing.mlflowWorkers,
    ...('endpoint' in target.artifacts &&
      target.artifacts.endpoint !== undefined && { s3EndpointUrl: target.artifacts.endpoint }),
  })
  const password = databasePassword(
    { user, name: units.mlflow },
    payload.secrets?.databasePassword !== undefined,
  )
  const keys = payload.secrets?.s3 === undefined ? undefined : bucketKeys
  return [
    { kind: 'account', name: user, home: state, groups: [] },
    { kind: 'folder', path: state, mode: 0o750, owner: user, group: user, holds: 'data' },
    { kind: 'folder', path: `${state}/artifacts`, mode: 0o750, owner: user, group: user },
    {
      kind: 'python-environment',
      path: environment,
      requirements: placeOf(payloadPaths.requirements),
      uv: placeOf(payloadPaths.uv),
      imports: ['mlflow.cli', 'mlflow.server.fastapi_app', 'uvicorn.main', 'psycopg2', 'boto3'],
      ...(wheels.length > 0 && { wheels }),
    },
    service({
      name: units.mlflow,
      description: 'MLflow of the SOEN server',
      type: 'exec',
      user,
      command: [profile.command, ...profile.args],
      ...password,
      env: { ...profile.env, ...password.env, ...keys?.env, HOME: state },
      credentials: { ...password.credentials, ...keys?.credentials },
      after: isLocal ? ['postgresql.service'] : [],
      writable: [state],
      hasRuntimeFolder: true,
      memoryMaxBytes: sizing.mlflowMemoryMaxBytes,
      stopTimeoutS: 30,
      inputs: [payloadPaths.mlflowProgram, payloadPaths.mlflowDatabase].map((path) =>
        sha256Of(payload, path),
      ),
    }),
    {
      kind: 'answer',
      unit: units.mlflow,
      socketPath: sockets.mlflow,
      path: '/health',
      timeoutMs: startTimeoutMs,
    },
  ]
}

const localUrl = `postgresql+psycopg2:///${postgres.databases.mlflow}?host=${postgres.socketFolder}&port=${postgres.port}`

function artifactsOf(target: ServerTarget): string {
  const { uri } = target.artifacts
  if (uri === 'disk') return `${stateFolders.mlflow}/artifacts`
  if (uri !== undefined) return uri
  throw new HostError('The name of the artifacts’ bucket is not known.', {
    code: 'SOEN_BUCKET_UNKNOWN',
    hint: 'Name it as `artifacts.uri` in the settings, or deploy the stack that makes one first.',
  })
}

/** How MLflow gets the keys of the artifacts' bucket. */
const bucketKeys = {
  env: { AWS_SHARED_CREDENTIALS_FILE: `/run/credentials/${units.mlflow}/aws` },
  credentials: { aws: `${credentialsFolder}/aws` },
} as const
