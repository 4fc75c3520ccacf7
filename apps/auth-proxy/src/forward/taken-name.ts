import type { Dispatcher } from 'undici'
import type { Call } from '../canonical/call.ts'
import { Refusal } from '../errors/refusals.ts'

const upload = 'PUT {api}/2.0/mlflow-artifacts/artifacts/{artifact_path:path}'

/** Whether MLflow may answer a call with a bare 500 because of the file's name. */
export function mayFailByName({ route }: Pick<Call, 'route'>): boolean {
  return route.name === upload
}

/** Why MLflow failed to store an upload, if its name is the reason: it is a folder's, or a part of its path is a file. */
export async function takenName(
  upstream: Dispatcher,
  { target }: Pick<Call, 'target'>,
): Promise<Refusal | undefined> {
  const [path = ''] = target.split('?')
  // An empty segment, then api, version, service and kind.
  const [head, name] = [path.split('/').slice(0, 5), path.split('/').slice(5)]
  try {
    for (let length = name.length; length > 0; length -= 1) {
      const kind = await kindAt(upstream, [...head, ...name.slice(0, length)].join('/'))
      const isWhole = length === name.length
      if (kind === 'folder') return isWhole ? taken('A folder has this name.') : undefined
      if (kind === 'file' && !isWhole) return taken('A part of its path is a file.')
    }
  } catch {
    // MLflow has failed for another reason.
  }
  return undefined
}

function taken(detail: string): Refusal {
  return new Refusal('SOEN_NAME_TAKEN', undefined, detail)
}

/** What MLflow has stored at a path; undefined where there is nothing. */
async function kindAt(upstream: Dispatcher, path: string): Promise<'file' | 'folder' | undefined> {
  const headers = { host: 'localhost', 'x-forwarded-for': '127.0.0.1', range: 'bytes=0-0' }
  const { statusCode, body } = await upstream.request({ path, method: 'GET', headers, headersTimeout: 2000 })
  if (statusCode === 400) return (await body.text()).includes('directory') ? 'folder' : undefined
  await body.dump()
  return statusCode < 300 || statusCode === 416 ? 'file' : undefined
}
