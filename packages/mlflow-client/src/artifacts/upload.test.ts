import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTransport } from '../rest/transport.ts'
import { startFakeMultipart, type FakeMultipart } from '../testing/fake-multipart.ts'
import { uploadFile, type UploadState } from './upload.ts'

const CONTENT = randomBytes(1_050_000)
const STORED = '1/run/artifacts/a b/weights.ckpt'

let server: FakeMultipart
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>
let file: string

beforeEach(async () => {
  server = await startFakeMultipart()
  folder = await mkdtempDisposable(join(tmpdir(), 'upload-'))
  file = join(folder.path, 'weights')
  writeFileSync(file, CONTENT)
})
afterEach(async () => {
  await server[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

async function upload(onProgress?: (state: UploadState) => void): Promise<number> {
  return await uploadFile(createTransport({ trackingUri: server.url }), {
    file,
    to: 'a b/weights.ckpt',
    artifactUri: 'mlflow-artifacts:/1/run/artifacts',
    notesFolder: folder.path,
    signal: new AbortController().signal,
    timeoutMs: 5000,
    onProgress,
    parts: { fromBytes: 500_000, minPartBytes: 100_000 },
  })
}

function count(name: string): number {
  return server.requests.filter((request) => request.startsWith(name)).length
}

function expectStored(): void {
  expect(server.stored.get(STORED)?.equals(CONTENT)).toBe(true)
  expect(readdirSync(folder.path)).toEqual(['weights'])
}

describe('a large file', () => {
  test('goes to the store in parts, and tells how far it is', async () => {
    const sent: number[] = []
    const size = await upload(({ sentBytes, totalBytes, path }) => {
      sent.push(sentBytes)
      expect([totalBytes, path]).toEqual([CONTENT.length, 'a b/weights.ckpt'])
    })
    expect(size).toBe(CONTENT.length)
    expect([count('create'), count('part'), count('complete'), count('whole')]).toEqual([1, 11, 1, 0])
    expect(sent).toHaveLength(12)
    expect(sent).toEqual(sent.toSorted((a, b) => a - b))
    expect([sent[0], sent.at(-1)]).toEqual([0, CONTENT.length])
    expectStored()
  })

  test('loses no more than a part to a store that stumbles', async () => {
    const failed = new Set<string>()
    server.misbehave = (request) => {
      if (!request.startsWith('part') || failed.has(request)) return undefined
      failed.add(request)
      return [503, 'reset', 'lost', 500][failed.size % 4] as 503
    }
    await upload()
    expect(count('part')).toBe(22)
    expectStored()
  })

  test('goes on after a failure with what is missing', async () => {
    server.misbehave = (request) => (request === 'part 7' ? 'reset' : undefined)
    await expect(upload()).rejects.toMatchObject({ retryable: true })
    const before = server.requests.length
    server.misbehave = () => undefined
    await upload()
    const after = server.requests.slice(before)
    expect(after).toContain('part 7')
    expect(after.filter((request) => request.startsWith('part')).length).toBeLessThan(11)
    expect(after).not.toContain('create')
    expectStored()
  })

  test('that changed meanwhile begins anew, and gives up the parts of the former one', async () => {
    server.misbehave = (request) => (request === 'complete' ? 'reset' : undefined)
    await expect(upload()).rejects.toMatchObject({ retryable: true })
    server.misbehave = () => undefined
    CONTENT.write('changed')
    writeFileSync(file, CONTENT)
    await upload()
    expect([count('create'), count('abort')]).toEqual([2, 1])
    expectStored()
  })

  test.each([
    ['is overwritten', () => writeFileSync(file, CONTENT)],
    ['becomes shorter', () => truncateSync(file, 900_000)],
  ])('that %s while it is being sent is not put together, and begins anew', async (_, change) => {
    utimesSync(file, 1000, 1000)
    server.misbehave = (request) => {
      if (request === 'part 1') change()
      return undefined
    }
    await expect(upload()).rejects.toMatchObject({ code: 'SOEN_ARTIFACT_UNREADABLE', retryable: true })
    expect(count('complete')).toBe(0)
    server.misbehave = () => undefined
    writeFileSync(file, CONTENT)
    await upload()
    expect([count('create'), count('abort')]).toEqual([2, 1])
    expectStored()
  })

  test('is known by its whole size, however large', async () => {
    truncateSync(file, 5_000_000_000)
    const stop = new AbortController()
    const totals = new Set<number>()
    const options = { file, to: 'x', artifactUri: 'mlflow-artifacts:/1/run/artifacts', timeoutMs: 5000 }
    const uploading = uploadFile(createTransport({ trackingUri: server.url }), {
      ...options,
      notesFolder: folder.path,
      signal: stop.signal,
      onProgress: ({ totalBytes }) => {
        totals.add(totalBytes)
        stop.abort()
      },
    })
    await expect(uploading).rejects.toThrow()
    expect([...totals]).toEqual([5_000_000_000])
  })

  test('that is gone meanwhile leaves no parts behind', async () => {
    server.misbehave = (request) => (request === 'complete' ? 'reset' : undefined)
    await expect(upload()).rejects.toMatchObject({ retryable: true })
    server.misbehave = () => undefined
    rmSync(file)
    await expect(upload()).rejects.toMatchObject({ code: 'SOEN_ARTIFACT_UNREADABLE' })
    expect(count('abort')).toBe(1)
    expect(readdirSync(folder.path)).toEqual([])
  })

  test('whose completion was answered to nobody is not sent again', async () => {
    server.misbehave = (request) => (request === 'complete' ? 'lost' : undefined)
    await expect(upload()).rejects.toMatchObject({ retryable: true })
    server.misbehave = () => undefined
    await upload()
    expect([count('create'), count('part'), count('complete')]).toEqual([1, 11, 2])
    expectStored()
  })

  test('whose completion was answered to nobody begins anew where another of its size was before', async () => {
    await upload()
    server.misbehave = (request) => (request === 'complete' ? 'lost' : undefined)
    await expect(upload()).rejects.toMatchObject({ retryable: true })
    server.misbehave = () => undefined
    await expect(upload()).rejects.toMatchObject({
      retryable: true,
      message: expect.stringContaining('NoSuchUpload'),
    })
    await upload()
    expect(count('part')).toBe(33)
    expectStored()
  })

  test('begins anew, too, where the server does not list what it has', async () => {
    server.misbehave = (request) => (request === 'list' ? 403 : request === 'complete' ? 'lost' : undefined)
    await expect(upload()).rejects.toMatchObject({ retryable: true })
    server.misbehave = (request) => (request === 'list' ? 403 : undefined)
    await expect(upload()).rejects.toMatchObject({ retryable: true })
    await upload()
    expect(count('part')).toBe(22)
    expectStored()
  })

  test('whose signatures are too old begins anew', async () => {
    server.misbehave = (request) => (request === 'part 7' ? 'reset' : undefined)
    await expect(upload()).rejects.toMatchObject({ retryable: true })
    server.misbehave = (request) => (request.startsWith('part') ? 403 : undefined)
    await expect(upload()).rejects.toMatchObject({ retryable: true, status: 403 })
    server.misbehave = () => undefined
    await upload()
    expect([count('create'), count('abort')]).toEqual([2, 1])
    expectStored()
  })

  test('goes through the server where the store refuses, or the server cannot', async () => {
    server.misbehave = (request) => (request.startsWith('part') ? 403 : undefined)
    await upload()
    expect([count('whole'), count('abort')]).toEqual([1, 1])
    expectStored()
    server.misbehave = (request) => (request === 'create' ? 501 : undefined)
    await upload()
    expect(count('whole')).toBe(2)
    server.isOffered = false
    await upload()
    expect([count('whole'), count('create')]).toEqual([3, 2])
  })

  test('keeps its notes, which hold signed addresses, for its owner, and names none of them', async () => {
    server.misbehave = (request) => (request.startsWith('part') ? 503 : undefined)
    const failure: unknown = await upload().catch((error: unknown) => error)
    const notes = readdirSync(folder.path).find((name) => name.endsWith('.parts')) ?? ''
    expect(statSync(join(folder.path, notes)).mode & 0o777).toBe(0o600)
    expect(readFileSync(join(folder.path, notes), 'utf8')).toContain('signature=secret')
    expect(String(failure)).not.toContain('secret')
  })
})

test('a small file, and one of no bytes at all, goes in one request', async () => {
  for (const content of [Buffer.alloc(0), CONTENT.subarray(0, 1000)]) {
    writeFileSync(file, content)
    const sent: number[] = []
    expect(await upload(({ sentBytes }) => sent.push(sentBytes))).toBe(content.length)
    expect(server.stored.get(STORED)?.equals(content)).toBe(true)
    expect(sent).toEqual([0, content.length])
  }
  expect(server.requests).toEqual(['whole', 'whole'])
})

test('a small file that is overwritten while it goes is sent again', async () => {
  utimesSync(file, 1000, 1000)
  server.isOffered = false
  server.misbehave = (request) => {
    if (request === 'whole') writeFileSync(file, CONTENT)
    return undefined
  }
  await expect(upload()).rejects.toMatchObject({ code: 'SOEN_ARTIFACT_UNREADABLE', retryable: true })
  server.misbehave = () => undefined
  await upload()
  expectStored()
})

test('an answer that is cut after its head is a failure of the network', async () => {
  writeFileSync(file, 'small')
  const transport = createTransport({
    trackingUri: server.url,
    fetch: async () =>
      new Response(new ReadableStream({ start: (body) => body.error(new Error('aborted')) })),
  })
  const signal = new AbortController().signal
  const about = {
    artifactUri: 'mlflow-artifacts:/1/run/artifacts',
    notesFolder: folder.path,
    timeoutMs: 5000,
  }
  await expect(uploadFile(transport, { ...about, file, to: 'x', signal })).rejects.toMatchObject({
    retryable: true,
    status: 0,
  })
})

test('a file that is gone is said to be so, and a folder is no file', async () => {
  file = join(folder.path, 'none')
  await expect(upload()).rejects.toMatchObject({ code: 'SOEN_ARTIFACT_UNREADABLE' })
  file = folder.path
  await expect(upload()).rejects.toMatchObject({ code: 'SOEN_ARTIFACT_UNREADABLE' })
})

describe('a 200 of something in between is no receipt', () => {
  test.each(['whole', 'complete'])('for «%s»: the file is sent until the server has it', async (request) => {
    server.isOffered = request === 'complete'
    server.misbehave = (name) => (name === request ? 'page' : undefined)
    await expect(upload()).rejects.toMatchObject({ code: 'SOEN_NOT_MLFLOW', retryable: true })
    server.misbehave = () => undefined
    await upload()
    expect(server.stored.get(STORED)?.equals(CONTENT)).toBe(true)
  })

  test.each(['page', 'other digest'] as const)('for a part («%s»): it is sent again', async (answer) => {
    server.misbehave = (name, index) => (name === 'part 3' && index < 6 ? answer : undefined)
    await upload()
    expect(count('part 3')).toBeGreaterThan(1)
    expectStored()
  })

  test('for a large file of which the server has less than it said', async () => {
    server.isOffered = false
    server.misbehave = (name) => (name === 'whole' ? 'half' : undefined)
    await expect(upload()).rejects.toMatchObject({
      message: `a b/weights.ckpt was acknowledged, but the server has 525000 of its ${CONTENT.length} bytes.`,
      retryable: true,
    })
  })
})
