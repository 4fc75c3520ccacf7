import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtempDisposable, open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { bridgeToSocket, startMlflow, startS3, type SharedMlflow } from '@soen/testbed'
import { expect, inject, test } from 'vitest'
import { downloadArtifact } from '../rest/artifacts.ts'
import { createTransport } from '../rest/transport.ts'

const MIB = 1024 * 1024
/** The size of the upload to S3; a soak sends more. */
const SIZE_BYTES = Number(process.env['SOEN_UPLOAD_BYTES'] ?? 1024 * MIB + 7)
/** Whatever the file's size, six parts of 16 MiB are in flight. */
const MEMORY_BYTES = 256 * MIB

/** A sparse file with some different bytes in each part. */
async function sparseFile(folder: string, sizeBytes: number): Promise<string> {
  const path = join(folder, 'weights.ckpt')
  await using file = await open(path, 'w')
  await file.truncate(sizeBytes)
  for (let at = 0; at < sizeBytes; at += 16 * MIB) await file.write(`part at ${at}`, at)
  return path
}

async function hashOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of stream) hash.update(chunk)
  return hash.digest('hex')
}

/**
 * Upload a file from a process of its own; resolves to the cost, and whether the server returns the file unchanged.
 */
async function upload(trackingUri: string, spoolDir: string, file: string): Promise<object> {
  const program = join(import.meta.dirname, '../testing/large-child.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [program, trackingUri, spoolDir, file])
  const { artifactUri, ...cost } = Object(JSON.parse(stdout))
  const about = { artifactUri: String(artifactUri), path: 'weights.ckpt' }
  const { body } = await downloadArtifact(createTransport({ trackingUri, timeoutMs: 600_000 }), about)
  if (body === null) throw new Error('The answer has no body.')
  return { ...cost, isSame: (await hashOf(body)) === (await hashOf(createReadStream(file))) }
}

function isLittle(grownBytes: unknown): boolean {
  return typeof grownBytes === 'number' && grownBytes < MEMORY_BYTES
}

const delivered = { delivered: 1, warnings: [], isSame: true, grownBytes: expect.toSatisfy(isLittle) }

test('a large file goes to S3 in parts, and the training’s memory does not see them', async () => {
  await using s3 = await startS3()
  const destination = { artifactsDestination: `s3://${s3.bucket}/runs`, s3EndpointUrl: s3.endpointUrl }
  await using mlflow = await startMlflow({ ...destination, env: s3.env })
  await using bridge = await bridgeToSocket(mlflow.socketPath)
  await using folder = await mkdtempDisposable(join(tmpdir(), 'large-'))
  const file = await sparseFile(folder.path, SIZE_BYTES)
  expect(await upload(bridge.url, join(folder.path, 'spool'), file)).toEqual(delivered)
}, 7_200_000)

test('half a gigabyte goes through a server without S3 in one request, in as little memory', async () => {
  const { trackingUri }: SharedMlflow = inject('mlflow')
  await using folder = await mkdtempDisposable(join(tmpdir(), 'large-'))
  const file = await sparseFile(folder.path, 512 * MIB + 7)
  expect(await upload(trackingUri, join(folder.path, 'spool'), file)).toEqual(delivered)
}, 900_000)
