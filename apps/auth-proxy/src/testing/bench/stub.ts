/**
 * A server in MLflow's place that costs next to nothing: answers every request, after its body, with 1 kB of JSON.
 * `node stub.ts SOCKET`
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '../temporary-folder.ts'

/** Starts the stub as a process of its own. */
export async function startStub(): Promise<{ readonly socketPath: string } & AsyncDisposable> {
  const folder = await temporaryFolder()
  const socketPath = join(folder.path, 'stub.sock')
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), socketPath], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return {
    socketPath,
    async [Symbol.asyncDispose]() {
      child.kill()
      await folder[Symbol.asyncDispose]()
    },
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const answer = JSON.stringify({ run: { info: { run_id: '0', note: 'x'.repeat(980) } } })
  createServer((request, response) => {
    const end = (): unknown => response.setHeader('content-type', 'application/json').end(answer)
    if (request.method === 'GET') end()
    else request.resume().once('end', end)
  }).listen(process.argv[2], () => process.stdout.write('ready\n'))
}
