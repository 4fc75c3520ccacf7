import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** How MLflow is to behave in a test. */
export type Misbehaviour = (request: IncomingMessage, response: ServerResponse) => unknown

/** A server on a unix socket in MLflow's place, which a test can make misbehave. */
export interface FakeUpstream extends AsyncDisposable {
  readonly socketPath: string
  /** `METHOD /target` of everything that arrived, in order. */
  readonly hits: string[]
  readonly requests: IncomingMessage[]
}

/** Listens with the test's own behaviour; by default it answers `{}` to everything. */
export async function startFakeUpstream(listener: Misbehaviour = answerEmptyJson): Promise<FakeUpstream> {
  const folder = await mkdtemp(join(tmpdir(), 'soen-upstream-'))
  const socketPath = join(folder, 'mlflow.sock')
  const hits: string[] = []
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    hits.push(`${request.method} ${request.url}`)
    requests.push(request)
    void listener(request, response)
  })
  await new Promise<void>((resolve) => server.listen(socketPath, resolve))
  return {
    socketPath,
    hits,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const answerEmptyJson: Misbehaviour = (request, response) => {
  request.resume()
  response.setHeader('content-type', 'application/json').end('{}')
}
