import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { isLocked } from '../node/lock.ts'
import { thisProcess } from '../node/owner.ts'
import { START } from './cursor.ts'
import { readCursor } from './read-cursor.ts'
import { readHeader, type JournalHeader } from './header.ts'
import { Journal } from './journal.ts'
import { DEFAULT_JOURNAL_POLICY } from './journal-policy.ts'
import { readChunk } from './read-chunk.ts'
import type { JournalRecord } from './records.ts'
import { SegmentWriter } from './segment-writer.ts'

const header: JournalHeader = {
  version: 1,
  clientRunId: 'id',
  trackingUri: 'http://h',
  experiment: 'e',
  name: 'n',
  startTimeMs: 1,
  tags: {},
}

function metric(value: number): JournalRecord {
  return { k: 'm', at: 1, s: value, v: { a: value } }
}

function appendMetric(journal: Journal, value: number): void {
  journal.appendJson(JSON.stringify(metric(value)), 1, true)
}

async function temporary(): Promise<AsyncDisposable & { journalFolder: string }> {
  const folder = await mkdtempDisposable(join(tmpdir(), 'journal-'))
  return Object.assign(folder, { journalFolder: join(folder.path, 'spool', 'id') })
}

test('is on disk, for the owner only, when flushed', async () => {
  await using at = await temporary()
  const journal = new Journal(at.journalFolder, header)
  journal.append(metric(1))
  journal.flush()
  expect(readHeader(at.journalFolder)).toEqual(header)
  expect(readFileSync(join(at.journalFolder, '000001.seg'), 'utf8')).toContain('"v":{"a":1}')
  expect(statSync(at.journalFolder).mode & 0o777).toBe(0o700)
  for (const name of ['run.json', '000001.seg', 'lock']) {
    expect(statSync(join(at.journalFolder, name)).mode & 0o777).toBe(0o600)
  }
  journal.close({ isDelivered: false })
})

test('writes by itself after its delay, and at once when much is pending', async () => {
  await using at = await temporary()
  const journal = new Journal(at.journalFolder, header, { flushAfterMs: 100, flushAfterBytes: 10_000 })
  const records = Array.from({ length: 1000 }, (_, n) => metric(n))
  for (const record of records) journal.append(record)
  await vi.waitFor(() => expect(journal.read()?.records).toEqual(records), { timeout: 60_000 })
  journal.append({ k: 't', v: { note: 'x'.repeat(10_000) } })
  expect(journal.read()?.records).toHaveLength(1001)
  journal.close({ isDelivered: false })
})

test('the calls before a synchronous step are on disk before it begins', async () => {
  await using at = await temporary()
  const journal = new Journal(at.journalFolder, header)
  const records = Array.from({ length: 20 }, (_, n) => metric(n))
  for (const record of records) journal.append(record)
  // What a kill during the step would leave.
  expect(readChunk(at.journalFolder, START)?.records).toEqual(records)
  journal.close({ isDelivered: false })
})

test('writes in a loop that never lets a timer fire', async () => {
  await using at = await temporary()
  const journal = new Journal(at.journalFolder, header, { flushAfterMs: 5 })
  const start = performance.now()
  for (let n = 0; (journal.read()?.records.length ?? 0) < 2; n += 1) {
    journal.append(metric(n))
    if (performance.now() - start > 10_000) break
  }
  expect(journal.read()?.records.length).toBeGreaterThan(1)
  journal.close({ isDelivered: false })
})

test('moves the cursor only when told, and gives back acknowledged segments', async () => {
  await using at = await temporary()
  const writer = new SegmentWriter(at.journalFolder, 100)
  const journal = new Journal(at.journalFolder, header, { writer })
  for (let n = 0; n < 6; n += 1) {
    journal.append(metric(n))
    journal.flush()
  }
  const first = journal.read()
  expect(journal.read()).toEqual(first)
  const read: JournalRecord[] = []
  for (let chunk = journal.read(); chunk !== undefined; chunk = journal.read()) {
    read.push(...chunk.records)
    journal.acknowledge(chunk)
  }
  expect(read).toEqual([0, 1, 2, 3, 4, 5].map(metric))
  expect(journal.isDrained).toBe(true)
  expect(readCursor(at.journalFolder)).toEqual(writer.end)
  expect(readdirSync(at.journalFolder).filter((name) => name.endsWith('.seg'))).toHaveLength(1)
  journal.close({ isDelivered: false })
})

test('removes itself when everything was delivered, and gives the lock back when not', async () => {
  await using at = await temporary()
  const kept = new Journal(at.journalFolder, header)
  kept.flush()
  expect(isLocked(at.journalFolder)).toBe(true)
  kept.close({ isDelivered: false })
  expect(isLocked(at.journalFolder)).toBe(false)
  const gone = new Journal(at.journalFolder, header)
  gone.close({ isDelivered: true })
  expect(existsSync(at.journalFolder)).toBe(false)
})

/** Read and acknowledge everything left to deliver. */
function drain(journal: Journal): JournalRecord[] {
  const read: JournalRecord[] = []
  for (let chunk = journal.read(); chunk !== undefined; chunk = journal.read()) {
    read.push(...chunk.records)
    journal.acknowledge(chunk)
  }
  return read
}

test.each([
  ['is removed', (folder: string) => rmSync(folder, { recursive: true })],
  ['is removed with all of the spool', (folder: string) => rmSync(dirname(folder), { recursive: true })],
  ['is moved away', (folder: string) => renameSync(folder, `${folder}-moved`)],
  ['is taken by another process', (folder: string) => writeFileSync(join(folder, 'lock'), OTHER_PROCESS)],
])('goes on in another folder, with all that is not acknowledged, when its own %s', async (_, lose) => {
  await using at = await temporary()
  const moved: string[] = []
  const options = { renewEveryMs: 0, onMoved: (folder: string) => moved.push(folder) }
  const journal = new Journal(at.journalFolder, header, options)
  journal.append(metric(1))
  expect(drain(journal)).toEqual([metric(1)])
  journal.append(metric(2))
  lose(at.journalFolder)
  journal.append(metric(3))
  expect(moved).toEqual([`${at.journalFolder}.2`])
  expect(journal.folder).toBe(`${at.journalFolder}.2`)
  // What the next process would find after a kill.
  expect(readHeader(journal.folder)).toEqual(header)
  expect(readChunk(journal.folder, readCursor(journal.folder))?.records).toEqual([metric(2), metric(3)])
  expect(drain(journal)).toEqual([metric(2), metric(3)])
  journal.close({ isDelivered: true })
  expect(existsSync(journal.folder)).toBe(false)
})

test('what was read when the folder was lost is acknowledged all the same', async () => {
  await using at = await temporary()
  const journal = new Journal(at.journalFolder, header)
  journal.append(metric(1))
  const chunk = journal.read()
  rmSync(at.journalFolder, { recursive: true })
  if (chunk) journal.acknowledge(chunk)
  journal.append(metric(2))
  journal.flush()
  expect(drain(journal)).toEqual([metric(2)])
  expect(journal.folder).toBe(`${at.journalFolder}.2`)
  journal.close({ isDelivered: true })
})

test('leaves a folder alone that another process has taken, also when all is delivered', async () => {
  await using at = await temporary()
  const journal = new Journal(at.journalFolder, header)
  journal.append(metric(1))
  drain(journal)
  writeFileSync(join(at.journalFolder, 'lock'), OTHER_PROCESS)
  journal.close({ isDelivered: true })
  expect(isLocked(at.journalFolder)).toBe(true)
  expect(existsSync(`${at.journalFolder}.2`)).toBe(false)
})

const OTHER_PROCESS = JSON.stringify({ ...thisProcess(), boot: 'another host', machine: 'another host' })

/** A disk that is full until told otherwise. */
class FullDisk extends SegmentWriter {
  isFull = true

  override append(bytes: Buffer): void {
    if (this.isFull) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
    super.append(bytes)
  }
}

test('holds records in memory while the disk is full, and delivers them from there', async () => {
  await using at = await temporary()
  const told: unknown[] = []
  const journal = new Journal(at.journalFolder, header, {
    writer: new FullDisk(at.journalFolder),
    onDisk: (error) => told.push(error),
  })
  journal.append(metric(1))
  journal.flush()
  journal.flush()
  expect(told).toEqual([expect.objectContaining({ code: 'ENOSPC' })])
  const chunk = journal.read()
  expect(chunk?.records).toEqual([metric(1)])
  if (chunk !== undefined) journal.acknowledge(chunk)
  expect(journal.isDrained).toBe(true)
  journal.close({ isDelivered: false })
})

test('writes what it held when the disk has room again', async () => {
  await using at = await temporary()
  const told: unknown[] = []
  const writer = new FullDisk(at.journalFolder)
  const journal = new Journal(at.journalFolder, header, { writer, onDisk: (error) => told.push(error) })
  journal.append(metric(1))
  journal.flush()
  writer.isFull = false
  journal.flush()
  expect(told).toEqual([expect.any(Error), undefined])
  expect(readFileSync(join(at.journalFolder, '000001.seg'), 'utf8')).toContain('"a":1')
  journal.close({ isDelivered: false })
})

test('loses only the oldest metrics when memory runs out too, and says how many', async () => {
  await using at = await temporary()
  let lost = 0
  const journal = new Journal(at.journalFolder, header, {
    writer: new FullDisk(at.journalFolder),
    memoryCapBytes: 2000,
    onLost: (items) => (lost += items),
  })
  journal.append({ k: 'p', v: { lr: '0.1' } })
  for (let n = 0; n < 100; n += 1) appendMetric(journal, n)
  journal.flush()
  const records = journal.read()?.records ?? []
  expect(records[0]).toEqual({ k: 'p', v: { lr: '0.1' } })
  expect(records.at(-1)).toEqual(metric(99))
  expect(lost + records.length - 1).toBe(100)
  expect(lost).toBeGreaterThan(0)
  journal.close({ isDelivered: false })
  expect(lost).toBe(101)
})

test('works from memory when the folder itself cannot be made', () => {
  const told: unknown[] = []
  const journal = new Journal('/dev/null/spool', header, { onDisk: (error) => told.push(error) })
  journal.append(metric(1))
  journal.flush()
  expect(told).toHaveLength(1)
  expect(journal.read()?.records).toEqual([metric(1)])
  journal.close({ isDelivered: false })
})

test('writes every record at once when nothing may be lost', async () => {
  await using at = await temporary()
  const policy = { ...DEFAULT_JOURNAL_POLICY, durability: 'sync' } as const
  const journal = new Journal(at.journalFolder, header, { policy })
  for (let n = 0; n < 3; n += 1) {
    appendMetric(journal, n)
    expect(readFileSync(join(at.journalFolder, '000001.seg'), 'utf8').split('\n')).toHaveLength(n + 2)
  }
  journal.close({ isDelivered: false })
})

test('makes what it wrote safe from a power cut, soon and not with each write', async () => {
  await using at = await temporary()
  const syncs: number[] = []
  class Counting extends SegmentWriter {
    override async sync(): Promise<void> {
      await super.sync()
      syncs.push(this.end.offset)
    }
  }
  const policy = { ...DEFAULT_JOURNAL_POLICY, durability: 'sync', fsyncEveryMs: 5 } as const
  const journal = new Journal(at.journalFolder, header, { policy, writer: new Counting(at.journalFolder) })
  for (let n = 0; n < 100; n += 1) appendMetric(journal, n)
  expect(syncs).toEqual([])
  while (syncs.length === 0) await setTimeout(5)
  expect(syncs).toEqual([statSync(join(at.journalFolder, '000001.seg')).size])
  journal.close({ isDelivered: false })
})

test('stays within its room on disk: fewer metrics, all parameters', async () => {
  await using at = await temporary()
  const policy = { ...DEFAULT_JOURNAL_POLICY, durability: 'sync', maxRunBytes: 60_000 } as const
  const writer = new SegmentWriter(at.journalFolder, 8000)
  let thinned = 0
  const journal = new Journal(at.journalFolder, header, { policy, writer, onThinned: (n) => (thinned += n) })
  for (let n = 0; n < 5000; n += 1) {
    appendMetric(journal, n)
    if (n % 100 === 0) journal.append({ k: 'p', v: { [`p${n}`]: 'x' } })
    if (n % 50 === 0) await setTimeout(1)
  }
  const room = (): number =>
    readdirSync(at.journalFolder)
      .filter((name) => name.endsWith('.seg'))
      .reduce((sum, name) => sum + statSync(join(at.journalFolder, name)).size, 0)
  await vi.waitFor(() => expect(room()).toBeLessThanOrEqual(policy.maxRunBytes), 60_000)
  // A segment that is being rewritten counts once that is done.
  await setTimeout(500)
  journal.close({ isDelivered: false })
  const kept: JournalRecord[] = []
  for (let chunk = journal.read(); chunk !== undefined; chunk = journal.read()) {
    kept.push(...chunk.records)
    journal.acknowledge(chunk)
  }
  expect(kept.filter(({ k }) => k === 'p')).toHaveLength(50)
  const metrics = kept.filter(({ k }) => k === 'm')
  expect(metrics.length + thinned).toBe(5000)
  expect(thinned).toBeGreaterThan(1000)
  expect(metrics.at(-1)).toEqual(metric(4999))
})

test('waits in memory while another process writes the same journal', async () => {
  await using at = await temporary()
  const first = new Journal(at.journalFolder, header)
  first.append(metric(1))
  first.flush()
  const told: unknown[] = []
  const second = new Journal(at.journalFolder, header, { onDisk: (error) => told.push(error) })
  second.append(metric(2))
  second.flush()
  expect(told).toMatchObject([{ message: expect.stringContaining('another process') }])
  expect(second.read()?.records).toEqual([metric(2)])
  first.flush()
  expect(first.read()?.records).toEqual([metric(1)])
  first.close({ isDelivered: false })
  second.close({ isDelivered: false })
})
