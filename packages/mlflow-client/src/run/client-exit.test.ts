import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { listJournals } from '../delivery/list-journals.ts'
import { syncJournals } from '../delivery/sync-journals.ts'
import { startFakeMlflow, type FakeMlflow } from '../testing/fake-mlflow.ts'
import { testSettings } from '../testing/settings.ts'

let server: FakeMlflow
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>

beforeEach(async () => {
  server = await startFakeMlflow()
  folder = await mkdtempDisposable(join(tmpdir(), 'exit-'))
})
afterEach(async () => {
  await server[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

/** Run a program that exits without ending its run; resolves to its exit code. */
async function forget(ending = '', trackingUri = server.url): Promise<number | null> {
  const program = join(import.meta.dirname, '../testing/forgetful-child.ts')
  const child = spawn(process.execPath, [program, trackingUri, folder.path, ending], { stdio: 'ignore' })
  await once(child, 'exit')
  return child.exitCode
}

async function sync(): Promise<void> {
  const [synced] = await syncJournals({ settings: testSettings(server.url, folder.path) })
  expect(synced?.outcome).toBe('delivered')
}

test('a program that ends well and forgets its run delivers what it logged, and the run is FINISHED and says so', async () => {
  await forget()
  expect(server.runs.get('run0')?.metrics.map(({ value }) => value)).toEqual([0.5])
  expect(server.runs.get('run0')?.status).toBe('FINISHED')
  expect(server.runs.get('run0')?.tags.get('soen.ended_by')).toBe('exit')
  // Its journal exists for what may be logged at the exit; the next sync finds nothing in it.
  expect(listJournals(folder.path)).toMatchObject([{ waiting: 0 }])
  await sync()
  expect(server.runs.get('run0')?.status).toBe('FINISHED')
})

test('what is logged after that, at the very exit, is kept', async () => {
  await forget('last words')
  await sync()
  expect(server.runs.get('run0')?.metrics.map(({ value }) => value)).toEqual([0.5, 0.4])
  expect(server.runs.get('run0')?.status).toBe('FINISHED')
})

test('a program that joins the run of another one leaves its end to that', async () => {
  await forget()
  await forget('joins run0')
  expect(server.runs.get('run0')).toMatchObject({ status: 'RUNNING' })
})

test('a program ends by itself while the server fails, and the next sync delivers', async () => {
  server.misbehave = () => 503
  await forget()
  expect(server.runs.size).toBe(0)
  server.misbehave = () => undefined
  const synced = await syncJournals({ settings: testSettings(server.url, folder.path) })
  expect(synced).toMatchObject([{ outcome: 'delivered', receipt: { delivered: 2 } }])
})

test('exit right after a log call keeps the point, and is no kill', async () => {
  await forget('exit')
  await sync()
  expect(server.runs.get('run0')?.metrics.map(({ value }) => value)).toEqual([0.5])
  expect(server.runs.get('run0')).toMatchObject({ status: 'FINISHED' })
  expect(server.runs.get('run0')?.tags.get('soen.ended_by')).toBe('exit')
})

test.each([
  ['throw', 1, 'FAILED'],
  ['reject', 1, 'FAILED'],
  ['exit 1', 1, 'FAILED'],
  ['exit 143', 143, 'KILLED'],
])('a program that ends by «%s» keeps its exit code %i, and its run is %s', async (ending, code, status) => {
  expect(await forget(ending)).toBe(code)
  await sync()
  expect(server.runs.get('run0')?.status).toBe(status)
  expect(server.runs.get('run0')?.metrics.map(({ value }) => value)).toEqual([0.5])
})

test('a program that survives an uncaught error by a handler of its own goes on logging', async () => {
  expect(await forget('survive')).toBe(0)
  expect(server.runs.get('run0')).toMatchObject({ status: 'FINISHED' })
  expect(server.runs.get('run0')?.metrics.map(({ value }) => value)).toEqual([0.5, 0.4])
})

test('a server that takes connections and never answers does not hold a program up', async () => {
  const open = new Set<Socket>()
  const hole = createServer((socket) => open.add(socket.on('error', () => {})))
  await once(hole.listen(0, '127.0.0.1'), 'listening')
  const address = hole.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  expect(await forget('', url)).toBe(0)
  for (const socket of open) socket.destroy()
  hole.close()
  expect(open.size).toBeGreaterThan(0)
  expect(await syncJournals({ settings: testSettings(url, folder.path), timeoutMs: 1 })).toHaveLength(1)
})

test('a port that takes no connection does not hold a program up', async () => {
  const program = join(import.meta.dirname, '../testing/deaf-child.ts')
  const deaf = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [port] = await once(deaf.stdout, 'data')
  // The system accepts as many connections as the server's queue holds, and leaves further SYNs unanswered.
  const queued: Socket[] = []
  let isFull = false
  while (!isFull) {
    const socket = connect(Number(port), '127.0.0.1')
    queued.push(socket)
    isFull = await Promise.race([once(socket, 'connect').then(() => false), setTimeout(1000, true)])
  }
  expect(await forget('', `http://127.0.0.1:${Number(port)}`)).toBe(0)
  for (const socket of queued) socket.destroy()
  deaf.kill('SIGKILL')
  await once(deaf, 'exit')
  expect(listJournals(folder.path)).toMatchObject([{ waiting: 2 }])
})
