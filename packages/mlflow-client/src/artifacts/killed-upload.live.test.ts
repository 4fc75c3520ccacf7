import { execFile, spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { glob, mkdir, mkdtempDisposable, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { bridgeToSocket, startMlflow, startS3, type RunningMlflow, type RunningS3 } from '@soen/testbed'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { syncJournals } from '../delivery/sync-journals.ts'
import { downloadArtifact } from '../rest/artifacts.ts'
import { getRun } from '../rest/runs.ts'
import { createTransport } from '../rest/transport.ts'
import { startRecorder, type Recorder } from '../testing/recorder.ts'
import { testSettings } from '../testing/settings.ts'

const MIB = 1024 * 1024
/** Seven parts of 16 MiB, the last one shorter. */
const SIZE = 100 * MIB + 7
const cleanUp = new AsyncDisposableStack()

let s3: RunningS3
let mlflow: RunningMlflow
/** In front of S3, and in front of MLflow. */
let store: Recorder
let server: Recorder
let folder: string
let file: string
let spoolDir: string

beforeAll(async () => {
  s3 = cleanUp.use(await startS3())
  store = cleanUp.use(await startRecorder(s3.endpointUrl))
  mlflow = cleanUp.use(
    await startMlflow({
      artifactsDestination: `s3://${s3.bucket}/runs`,
      s3EndpointUrl: store.url,
      env: s3.env,
    }),
  )
  const bridge = cleanUp.use(await bridgeToSocket(mlflow.socketPath))
  server = cleanUp.use(await startRecorder(bridge.url))
  folder = cleanUp.use(await mkdtempDisposable(join(tmpdir(), 'killed-upload-'))).path
})
afterAll(async () => {
  await cleanUp.disposeAsync()
})
beforeEach(async () => {
  const own = join(folder, randomBytes(4).toString('hex'))
  await mkdir(own)
  file = join(own, 'weights.ckpt')
  spoolDir = join(own, 'spool')
  await writeFile(file, randomBytes(SIZE))
  store.decide = () => 'pass'
  server.decide = () => 'pass'
})

/**
 * Let a program upload the file, and kill it with `kill -9` once `isTime` is true for the bytes that the store
 * confirmed.
 */
async function killUpload(isTime: (sentBytes: number) => boolean): Promise<void> {
  const program = join(import.meta.dirname, '../testing/uploading-child.ts')
  const child = spawn(process.execPath, [program, server.url, spoolDir, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let sentBytes = 0
  createInterface({ input: child.stdout }).on('line', (line) => (sentBytes = Number(line)))
  while (!isTime(sentBytes)) await setTimeout(10)
  child.kill('SIGKILL')
  await once(child, 'exit')
}

/** The parts sent to the store since a mark. */
function partsSince(mark: number): URLSearchParams[] {
  const puts = store.requests.slice(mark).filter((request) => request.startsWith('PUT '))
  return puts
    .map((request) => new URL(request.slice('PUT '.length), store.url).searchParams)
    .filter((query) => query.has('partNumber'))
}

function idsOf(parts: readonly URLSearchParams[]): Set<string | null> {
  return new Set(parts.map((query) => query.get('uploadId')))
}

async function sync(): ReturnType<typeof syncJournals> {
  return await syncJournals({ settings: testSettings(server.url, spoolDir) })
}

async function unfinishedUploads(): Promise<string[]> {
  const script = join(import.meta.dirname, '../testing/list_uploads.py')
  const { stdout } = await promisify(execFile)(mlflow.python, [script, s3.endpointUrl, s3.bucket], {
    env: { PATH: process.env['PATH'], ...s3.env },
  })
  return JSON.parse(stdout)
}

async function hashOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of stream) hash.update(chunk)
  return hash.digest('hex')
}

async function expectStored(runId: string | undefined): Promise<void> {
  const transport = createTransport({ trackingUri: server.url })
  const { info } = await getRun(transport, runId ?? '')
  const about = { artifactUri: info.artifact_uri ?? '', path: 'checkpoints/weights.ckpt' }
  const { body } = await downloadArtifact(transport, about)
  if (body === null) throw new Error('The answer has no body.')
  expect(await hashOf(body)).toBe(await hashOf(createReadStream(file)))
}

test('an upload that was killed goes on with the parts that S3 lacks', async () => {
  const mark = store.requests.length
  // Three parts are confirmed; the others never finish.
  store.decide = (request) =>
    request.includes('partNumber') && partsSince(mark).length > 3 ? 'hold' : 'pass'
  await killUpload((sentBytes) => sentBytes >= 3 * 16 * MIB)
  expect(await unfinishedUploads()).toHaveLength(1)

  store.decide = () => 'pass'
  const resumed = store.requests.length
  const [synced] = await sync()
  expect(synced).toMatchObject({ outcome: 'delivered', receipt: { dropped: 0 } })
  expect(partsSince(resumed)).toHaveLength(4)
  expect(idsOf(partsSince(mark)).size).toBe(1)
  await expectStored(synced?.runId)
  expect(await unfinishedUploads()).toEqual([])
})

test('an upload that was killed while the store put it together is not sent again', async () => {
  const mark = store.requests.length
  let completions = 0
  // The store completes the upload, but the client never gets the response.
  server.decide = (request) => {
    if (!request.includes('/mpu/complete/')) return 'pass'
    completions += 1
    return completions === 1 ? 'lose' : 'hold'
  }
  await killUpload(() => completions === 2)
  server.decide = () => 'pass'
  const [synced] = await sync()
  expect(synced).toMatchObject({ outcome: 'delivered', receipt: { dropped: 0 } })
  expect(partsSince(mark)).toHaveLength(7)
  await expectStored(synced?.runId)
  expect(await unfinishedUploads()).toEqual([])
})

test('a killed upload whose file is gone leaves no parts in S3', async () => {
  const mark = store.requests.length
  store.decide = (request) =>
    request.includes('partNumber') && partsSince(mark).length > 3 ? 'hold' : 'pass'
  await killUpload((sentBytes) => sentBytes >= 3 * 16 * MIB)
  expect(await unfinishedUploads()).toHaveLength(1)
  for await (const held of glob(join(spoolDir, '*/uploads/000001'))) await rm(held)
  const [synced] = await sync()
  expect(synced).toMatchObject({ outcome: 'delivered', receipt: { dropped: 1 } })
  expect(synced?.receipt?.warnings[0]).toContain('SOEN_ITEM_REJECTED')
  expect(await unfinishedUploads()).toEqual([])
})
