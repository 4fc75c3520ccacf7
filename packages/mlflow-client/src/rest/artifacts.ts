import { artifactRoute } from './artifact-route.ts'
import { call } from './call.ts'
import type { ArtifactContent } from './content.ts'
import { everyItem } from './paging.ts'
import { readReceipt, type Transport } from './transport.ts'
import type { WireFile } from './wire.ts'

/** The files and folders directly below `path` among a run's artifacts. */
export async function listArtifacts(
  transport: Transport,
  { runId, path = '' }: { readonly runId: string; readonly path?: string },
): Promise<readonly WireFile[]> {
  const files = everyItem(
    (token) =>
      call(transport, 'GET artifacts/list', {
        run_id: runId,
        path: path === '' ? undefined : path,
        page_token: token,
      }),
    (page) => page.files,
  )
  return await Array.fromAsync(files)
}

/** Every file below `path`, at any depth. */
export async function* walkArtifacts(
  transport: Transport,
  { runId, path = '' }: { readonly runId: string; readonly path?: string },
): AsyncGenerator<WireFile, void, undefined> {
  for (const file of await listArtifacts(transport, { runId, path })) {
    if (file.is_dir === true) yield* walkArtifacts(transport, { runId, path: file.path })
    else yield file
  }
}

/** One artifact's bytes, as a stream. */
export async function downloadArtifact(
  transport: Transport,
  { artifactUri, path }: { readonly artifactUri: string; readonly path: string },
): Promise<Response> {
  return await transport.raw('GET', artifactRoute(artifactUri, path))
}

/** Store one artifact. Its length is sent, so the server knows when it is complete. Repeating it overwrites. */
export async function putArtifact(
  transport: Transport,
  upload: {
    readonly artifactUri: string
    readonly path: string
    readonly content: ArtifactContent
    readonly signal?: AbortSignal | undefined
    readonly timeoutMs?: number
  },
): Promise<void> {
  const { artifactUri, path, content, signal, timeoutMs } = upload
  const response = await transport.raw('PUT', artifactRoute(artifactUri, path), {
    content,
    signal,
    timeoutMs,
  })
  await readReceipt(response, `PUT ${path}`)
}

/** Delete one artifact. A missing one is not an error, as in MLflow itself. */
export async function deleteArtifact(
  transport: Transport,
  { artifactUri, path }: { readonly artifactUri: string; readonly path: string },
): Promise<void> {
  const response = await transport.raw('DELETE', artifactRoute(artifactUri, path))
  await readReceipt(response, `DELETE ${path}`)
}
