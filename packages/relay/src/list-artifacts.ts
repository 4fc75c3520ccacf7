import type { AnswerOf, WireFile } from '@soen/mlflow-client/rest'
import type { RelayedRun } from './relayed-run.ts'
import type { Upstream } from './upstream.ts'

/** The contents of a folder of a run's artifacts: on the server, and what is still waiting for delivery. */
export async function listArtifacts(
  run: RelayedRun,
  upstream: Upstream,
  { path = '', page_token }: { readonly path?: string | undefined; readonly page_token?: string | undefined },
): Promise<AnswerOf<'GET artifacts/list'> & { readonly files: readonly WireFile[] }> {
  await upstream.catchUp(run)
  const waiting = filesBelow(run.waitingFiles(), path)
  const { serverId } = run
  const request = { run_id: serverId ?? run.id, path, page_token }
  const answer = await upstream.askOr('GET artifacts/list', request, (away) => {
    // Everything about a run created here is known here.
    if (run.header.joins !== undefined) throw away
    return {}
  })
  const others = (answer.files ?? []).filter((file) => !waiting.some((own) => own.path === file.path))
  return { ...answer, files: [...others, ...waiting] }
}

/** The contents of a folder in MLflow's form: files, and each subfolder once. */
function filesBelow(files: ReadonlyMap<string, number>, folder: string): readonly WireFile[] {
  const below = folder === '' ? '' : `${folder.replace(/\/+$/, '')}/`
  const found = new Map<string, WireFile>()
  for (const [path, size] of files) {
    if (!path.startsWith(below)) continue
    const [name = '', ...deeper] = path.slice(below.length).split('/')
    const entry = `${below}${name}`
    const isFolder = deeper.length > 0
    found.set(entry, { path: entry, is_dir: isFolder, ...(!isFolder && { file_size: size }) })
  }
  return [...found.values()]
}
