import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { syncJournals } from '../delivery/sync-journals.ts'
import { startFakeMlflow, type FakeMlflow } from '../testing/fake-mlflow.ts'
import { testSettings } from '../testing/settings.ts'
import { Client } from './client.ts'

let server: FakeMlflow
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>

beforeEach(async () => {
  server = await startFakeMlflow()
  folder = await mkdtempDisposable(join(tmpdir(), 'leave-'))
})
afterEach(async () => {
  await server[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

/** Run a program that leaves its run's block; resolves to its exit code. */
async function leave(ending: string): Promise<number | null> {
  const program = join(import.meta.dirname, '../testing/leaving-child.ts')
  const child = spawn(process.execPath, [program, server.url, folder.path, ending], { stdio: 'ignore' })
  await once(child, 'exit')
  return child.exitCode
}

function statuses(): string[] {
  return [...server.runs.values()].map(({ status }) => status)
}

async function sync(): Promise<void> {
  await syncJournals({ settings: testSettings(server.url, folder.path) })
}

function aClient(): Client {
  return new Client(testSettings(server.url, folder.path)).on('warn', () => {})
}

describe('await using', () => {
  test.each(['error', 'error, exit code', 'error, exit', 'error, not awaited', 'error, client too'])(
    'a program that ends by an «%s» that left the block has its run FAILED by the next sync',
    async (ending) => {
      expect(await leave(ending)).toBe(1)
      expect(statuses()).toEqual(['FINISHED'])
      await sync()
      expect(statuses()).toEqual(['FAILED'])
      expect(server.runs.get('run0')?.metrics).toHaveLength(1)
      expect(readdirSync(folder.path)).toEqual([])
    },
  )

  test('while the server is away, the journal alone says that it failed', async () => {
    server.misbehave = () => 503
    expect(await leave('error')).toBe(1)
    server.misbehave = () => undefined
    await sync()
    expect(statuses()).toEqual(['FAILED'])
  })

  test.each([
    ['nothing', 0, 'FINISHED'],
    ['error, handled', 0, 'FINISHED'],
    ['later failure', 1, 'FINISHED'],
    ['ends it and error', 1, 'KILLED'],
  ])('«%s», exit code %i: the run stays %s', async (ending, code, status) => {
    expect(await leave(ending)).toBe(code)
    await sync()
    expect(statuses()).toEqual([status])
  })
})

describe('withRun', () => {
  test('ends the run as finished and hands on what the work returns', async () => {
    await using client = aClient()
    const answer = await client.withRun({ name: 'w' }, (run) => {
      run.log({ loss: 0.5 })
      return 42
    })
    expect(answer).toBe(42)
    expect(server.runs.get('run0')).toMatchObject({ status: 'FINISHED', metrics: [{ value: 0.5 }] })
  })

  test.each([
    [
      'throws',
      () => {
        throw new Error('out of memory')
      },
    ],
    [
      'rejects',
      async () => {
        throw new Error('out of memory')
      },
    ],
  ])(
    'work that %s has its run FAILED at once, with the error noted, and the caller gets the error',
    async (_, fail) => {
      await using client = aClient()
      await expect(client.withRun({}, fail)).rejects.toThrow('out of memory')
      expect(statuses()).toEqual(['FAILED'])
      expect(server.runs.get('run0')?.tags.get('soen.error')).toBe('Error: out of memory')
      const told = server.artifacts.get('1/run0/artifacts/soen/error.txt')?.toString()
      expect(told).toMatch(/^Error: out of memory\n {4}at /)
    },
  )

  test('a run that the work ended by itself keeps its status', async () => {
    await using client = aClient()
    await client.withRun({}, async (run) => void (await run.end({ status: 'KILLED' })))
    expect(statuses()).toEqual(['KILLED'])
  })

  test('works while logging is switched off', async () => {
    await using client = new Client({ active: false, reason: 'test' })
    expect(await client.withRun({}, () => 1)).toBe(1)
    await expect(
      client.withRun({}, async () => {
        throw new Error('x')
      }),
    ).rejects.toThrow('x')
    expect(server.requests).toEqual([])
  })
})
