/**
 * What the front door costs: small GETs with a remembered login through it, against the same requests sent
 * straight to the same unix socket, in the same run. `node proxy.bench.ts [--json]`
 */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { figure, printFigures, quantile, type Figure } from '@soen/testbed'
import { Pool } from 'undici'
import type { Dispatcher } from 'undici'
import { temporaryFolder } from './testing/temporary-folder.ts'

interface Sample {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

const connections = 16
const warmUpMs = 1000
const measureMs = 2500
const path = '/api/2.0/mlflow/runs/get?run_id=0123456789abcdef0123456789abcdef'
const password = 'correct horse: battery'
const main = fileURLToPath(new URL('main.ts', import.meta.url))

/** The stub in MLflow's place, in a process of its own: 1 kB of JSON to every request. */
function serveStub(socketPath: string): void {
  const answer = JSON.stringify({ run: { info: { run_id: '0', note: 'x'.repeat(980) } } })
  createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(answer)
  }).listen(socketPath, () => console.log('ready'))
}

async function startAndReadLine(...args: string[]): Promise<{ child: ChildProcess; line: string }> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  const [line] = await once(createInterface(child.stdout), 'line')
  return { child, line: String(line) }
}

async function makeUser(state: string): Promise<void> {
  const child = spawn(process.execPath, [main, 'user', 'set', 'ada', '--state', state])
  child.stdin.end(`${password}\n`)
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error('The user could not be made.')
}

/** Sends one request after the other on each connection until the time is over. */
async function measure(target: Dispatcher, headers: Record<string, string>, forMs: number): Promise<Sample> {
  const durations: number[] = []
  const startedAt = performance.now()
  const sendUntilOver = async (): Promise<void> => {
    for (let before = performance.now(); before - startedAt < forMs; before = performance.now()) {
      const { statusCode, body } = await target.request({ path, method: 'GET', headers })
      await body.dump()
      if (statusCode !== 200) throw new Error(`Expected 200, got ${statusCode}.`)
      durations.push(performance.now() - before)
    }
  }
  await Promise.all(Array.from({ length: connections }, sendUntilOver))
  const elapsedMs = performance.now() - startedAt
  return {
    perSecond: (durations.length * 1000) / elapsedMs,
    p50Ms: quantile(durations, 0.5),
    p99Ms: quantile(durations, 0.99),
  }
}

async function compare(): Promise<Figure[]> {
  await using folder = await temporaryFolder()
  const socketPath = join(folder.path, 'mlflow.sock')
  const state = join(folder.path, 'auth.sqlite')
  await makeUser(state)
  const stub = await startAndReadLine(fileURLToPath(import.meta.url), '--stub', socketPath)
  const serve = ['serve', '--listen', '127.0.0.1:0', '--upstream', `unix:${socketPath}`, '--state', state]
  const door = await startAndReadLine(main, ...serve)
  const through = new Pool(JSON.parse(door.line).url, { connections })
  const direct = new Pool('http://localhost', { socketPath, connections })
  const headers = { authorization: `Basic ${Buffer.from(`ada:${password}`).toString('base64')}` }
  try {
    await measure(through, headers, warmUpMs)
    await measure(direct, {}, warmUpMs)
    const ours = await measure(through, headers, measureMs)
    const peer = await measure(direct, {}, measureMs)
    const beside = (name: string, unit: string, ofSample: (sample: Sample) => number): Figure =>
      figure({
        name,
        unit,
        value: ofSample(ours),
        peer: { name: 'the same socket, direct', value: ofSample(peer) },
      })
    return [
      beside('small GET, remembered login', 'requests/s', ({ perSecond }) => perSecond),
      beside('small GET, p50', 'ms', ({ p50Ms }) => p50Ms),
      beside('small GET, p99', 'ms', ({ p99Ms }) => p99Ms),
    ]
  } finally {
    await Promise.all([through.destroy(), direct.destroy()])
    for (const { child } of [door, stub]) child.kill()
  }
}

const stubAt = process.argv.indexOf('--stub')
const socketOfStub = stubAt < 0 ? undefined : process.argv[stubAt + 1]
if (socketOfStub !== undefined) {
  serveStub(socketOfStub)
} else {
  printFigures('auth-proxy', await compare())
}
