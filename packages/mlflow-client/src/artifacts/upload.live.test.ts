import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bridgeToSocket, startMlflow, startS3 } from '@soen/testbed'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { downloadArtifact } from '../rest/artifacts.ts'
import { createTransport } from '../rest/transport.ts'
import type { Transport } from '../rest/transport.ts'
import { Client } from '../run/client.ts'
import { testSettings } from '../testing/settings.ts'
import { uploadFile } from './upload.ts'

const SIZE = 40 * 1024 * 1024 + 7
const cleanUp = new AsyncDisposableStack()

let transport: Transport
let folder: string
let file: string

beforeAll(async () => {
  const s3 = cleanUp.use(await startS3())
  const mlflow = cleanUp.use(
    await startMlflow({
      artifactsDestination: `s3://${s3.bucket}/runs`,
      s3EndpointUrl: s3.endpointUrl,
      env: s3.env,
    }),
  )
  const bridge = cleanUp.use(await bridgeToSocket(mlflow.socketPath))
  transport = createTransport({ trackingUri: bridge.url })
  folder = cleanUp.use(await mkdtempDisposable(join(tmpdir(), 'upload-'))).path
  file = join(folder, 'weights.ckpt')
  await writeFile(file, randomBytes(SIZE))
})
afterAll(async () => {
  await cleanUp.disposeAsync()
})

async function hashOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of stream) hash.update(chunk)
  return hash.digest('hex')
}

async function expectStored(artifactUri: string, path: string): Promise<void> {
  const { body } = await downloadArtifact(transport, { artifactUri, path })
  if (body === null) throw new Error('The answer has no body.')
  expect(await hashOf(body)).toBe(await hashOf(createReadStream(file)))
}

test('a checkpoint goes to S3 in parts, whatever its name, and MLflow gives it back byte by byte', async () => {
  const client = new Client(testSettings(transport.trackingUri, join(folder, 'spool')))
  const sent: number[] = []
  client.on('progress', ({ sentBytes }) => sent.push(sentBytes))
  const run = client.startRun()
  run.artifact(file, { to: 'a b/50% 模型', as: 'épo=1 🚀.ckpt' })
  run.text('', 'empty.txt')
  expect(await run.end({ timeoutMs: 100_000 })).toMatchObject({ delivered: 2, dropped: 0, warnings: [] })
  await client.close()
  // Three parts of 16 MiB, and the small file in one request.
  expect(sent).toHaveLength(6)
  expect(sent).toContain(SIZE)
  const artifactUri = run.remote?.artifactUri ?? ''
  await expectStored(artifactUri, 'a b/50% 模型/épo=1 🚀.ckpt')
  const empty = await downloadArtifact(transport, { artifactUri, path: 'empty.txt' })
  expect(await empty.text()).toBe('')
})

test('an upload that was stopped goes on with the parts that S3 lacks', async () => {
  const puts: string[] = []
  let confirmed = 0
  const stop = new AbortController()
  const counting: typeof fetch = async (input, init) => {
    puts.push(new Request(input).url)
    const response = await fetch(input, init)
    if ((confirmed += 1) === 3) stop.abort()
    return response
  }
  const about = {
    file,
    to: 'resumed.ckpt',
    artifactUri: 'mlflow-artifacts:/1/resumed/artifacts',
    notesFolder: folder,
  }
  const options = {
    ...about,
    timeoutMs: 6e4,
    fetch: counting,
    parts: {
      fromBytes: 1,
      minPartBytes: 6 * 1024 * 1024,
    },
  }
  await expect(uploadFile(transport, { ...options, signal: stop.signal })).rejects.toThrow()
  const first = puts.length
  await uploadFile(transport, { ...options, signal: new AbortController().signal })
  // Two of seven were noted before the stop; one in flight may be sent again.
  expect(puts.length - first).toBeLessThanOrEqual(5)
  expect(new Set(puts.map((url) => new URL(url).searchParams.get('uploadId'))).size).toBe(1)
  await expectStored(about.artifactUri, 'resumed.ckpt')
})
