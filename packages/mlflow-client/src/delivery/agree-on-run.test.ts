import { beforeAll, expect, test } from 'vitest'
import type { JournalHeader, RemoteAttempt, RemoteRun } from '../journal/header.ts'
import { DrawnServer } from '../testing/drawn-server.ts'
import { randomFrom } from '../testing/random.ts'
import { openRun } from './open-run.ts'

// The order of requests is random: no module may be loaded between two of them.
beforeAll(async () => {
  await Promise.all([import('./agree-on-run.ts'), import('./find-run.ts')])
})

function headerOf(process: number, random: () => number): JournalHeader {
  return {
    version: 1,
    clientRunId: `process ${process}`,
    trackingUri: 'http://drawn',
    experiment: 'e',
    experimentId: '1',
    name: 'job',
    startTimeMs: Math.floor(random() * 3),
    tags: {},
    resumeKey: 'job',
  }
}

/** Several processes that start at the same moment; resolves to the ids of the runs they continued. */
async function race(server: DrawnServer, processes: number, random: () => number): Promise<string[]> {
  const ends: string[] = []
  for (let process = 0; process < processes; process += 1) {
    const notes: (RemoteRun | RemoteAttempt)[] = []
    const memory = {
      recall: () => notes.at(-1),
      remember: (note: RemoteRun | RemoteAttempt) => notes.push(note),
    }
    void openRun(server.transport(), headerOf(process, random), memory, (step) => step()).then(({ runId }) =>
      ends.push(runId),
    )
  }
  await server.run()
  return ends
}

test.each([2, 3, 5])(
  '%i processes that begin at once end in one run, whatever the order of their requests',
  async (processes) => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const server = new DrawnServer(seed * 1_000_003, 0)
      const ends = await race(server, processes, randomFrom(seed * 7919))
      expect([seed, ends.length, new Set(ends).size]).toEqual([seed, processes, 1])
      expect(server.alive.map(({ info }) => info.run_id)).toEqual([ends[0]])
    }
  },
)

test('processes that are killed at any request leave the others in one run, and so does the next start', async () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const server = new DrawnServer(seed * 1_000_003, 0.05)
    const random = randomFrom(seed * 7919)
    const ends = [...(await race(server, 4, random)), ...(await race(server, 2, random))]
    expect([seed, new Set(ends).size]).toEqual([seed, Math.min(1, ends.length)])
  }
})
