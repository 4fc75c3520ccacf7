import { mkdirSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeHeader, writeRemote, type JournalHeader } from '../journal/header.ts'
import type { Transport } from '../rest/transport.ts'
import { findParentRun } from './find-parent-run.ts'

function header(clientRunId: string, parentId?: string): JournalHeader {
  const about = { trackingUri: 'http://h', experiment: 'e', name: clientRunId, startTimeMs: 1, tags: {} }
  return { version: 1, clientRunId, parentId, ...about }
}

/** A server on which a search for each of these values finds one run. */
function holding(runs: Readonly<Record<string, string>>): Transport {
  return {
    trackingUri: 'http://h',
    raw: () => Promise.reject(new Error('not used')),
    json: async (_, __, { json } = {}) => {
      const found = Object.entries(runs).filter(([value]) => JSON.stringify(json).includes(value))
      return JSON.parse(JSON.stringify({ runs: found.map(([, id]) => ({ info: { run_id: id }, data: {} })) }))
    },
  }
}

test('is none for a run that belongs to none', async () => {
  expect(await findParentRun(holding({}), '/spool/c', header('c'), '1')).toBeUndefined()
})

test('is what the parent’s own journal knows, else what the server finds by either of its tags', async () => {
  await using spool = await mkdtempDisposable(join(tmpdir(), 'parent-'))
  const folder = join(spool.path, 'c')
  const child = header('c', 'p')
  expect(await findParentRun(holding({ "soen.client_run_id` = 'p'": 'r1' }), folder, child, '1')).toBe('r1')
  expect(await findParentRun(holding({ "soen.process` = 'p'": 'r2' }), folder, child, '1')).toBe('r2')
  mkdirSync(join(spool.path, 'p'))
  writeRemote(join(spool.path, 'p'), { experimentId: '1', runId: 'r3', artifactUri: '' })
  expect(await findParentRun(holding({}), folder, child, '1')).toBe('r3')
})

test('is waited for while its journal is not delivered, and given up when nobody has it', async () => {
  await using spool = await mkdtempDisposable(join(tmpdir(), 'parent-'))
  const folder = join(spool.path, 'c')
  expect(await findParentRun(holding({}), folder, header('c', 'p'), '1')).toBeUndefined()
  mkdirSync(join(spool.path, 'p'))
  writeHeader(join(spool.path, 'p'), header('p'))
  await expect(findParentRun(holding({}), folder, header('c', 'p'), '1')).rejects.toMatchObject({
    code: 'SOEN_RUN_UNAVAILABLE',
  })
})
