import { ClientError } from '../errors/client-error.ts'

const ARTIFACTS_PATH = '/api/2.0/mlflow-artifacts/artifacts/'

/**
 * The server's route to one artifact.
 *
 * Each segment is encoded separately: MLflow would cut `a#b.txt` at the `#` and read `%41` as `A`.
 *
 * @param artifactUri - the run's `artifact_uri`, which must be a proxied one
 * @param path - slash-separated path below it
 */
export function artifactRoute(artifactUri: string, path: string): string {
  return `${ARTIFACTS_PATH}${storedPath(artifactUri, path)}`
}

/** A file among a run's artifacts. */
export interface ArtifactPlace {
  readonly runId: string
  /** Below the run's artifacts. */
  readonly path: string
}

/** The artifact that a route names; undefined for any other route. */
export function artifactPlace(route: string): ArtifactPlace | undefined {
  if (!route.startsWith(ARTIFACTS_PATH)) return undefined
  const [, runId, folder, ...path] = route.slice(ARTIFACTS_PATH.length).split('/').map(percentDecode)
  if (runId === undefined || folder !== 'artifacts') return undefined
  return { runId, path: path.join('/') }
}

/** The server's route to one step of a multipart upload into a folder of the run's artifacts. */
export function multipartRoute(
  step: 'create' | 'complete' | 'abort',
  artifactUri: string,
  folder: string,
): string {
  return `/api/2.0/mlflow-artifacts/mpu/${step}/${storedPath(artifactUri, folder)}`
}

/** The path of a folder of the run's artifacts in the server's store, for a query. */
export function storedFolder(artifactUri: string, folder: string): string {
  return storedSegments(artifactUri, folder).join('/')
}

function storedPath(artifactUri: string, path: string): string {
  return storedSegments(artifactUri, path).map(encodeURIComponent).join('/')
}

function storedSegments(artifactUri: string, path: string): string[] {
  // mlflow-artifacts:/1/abc/artifacts, or with the server's host: mlflow-artifacts://host/1/abc/artifacts
  const root = /^mlflow-artifacts:(?:\/\/[^/]+)?\/*(.*)$/.exec(artifactUri)?.[1]
  if (root === undefined) {
    throw new ClientError({
      code: 'SOEN_ITEM_REJECTED',
      message: `The run keeps its artifacts at ${artifactUri}, which is not behind the server.`,
      hint: 'Start the server with --artifacts-destination, so that artifacts go through it.',
    })
  }
  return [...root.split('/'), ...path.split('/')].filter((segment) => segment !== '')
}

function percentDecode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    // As in MLflow, a percent sign that encodes nothing stands for itself.
    return segment
  }
}
