import { chmodSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { waitUntil } from '@soen/testbed'
import { findRecords } from './search.ts'
import { auditRecords } from '../testing/audit-records.ts'
import { openAudited } from '../testing/audited-folder.ts'
import type { Audited } from '../testing/audited-folder.ts'
import type { AuditEvent, AuditRecord } from './record.ts'

let audited: Audited
beforeEach(async () => {
  audited = await openAudited()
})
afterEach(() => audited[Symbol.asyncDispose]())

const aDelete: AuditEvent = { action: 'delete', allowed: true, subjects: [{ kind: 'run', value: '1' }] }

function inTable(action: string): Promise<AuditRecord[]> {
  return findRecords(audited.store.db, { action }, { limit: 1000 })
}

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8)
}

/** Makes the table unusable, like a database that is away; returns a function that restores it. */
async function takeTableAway(): Promise<() => Promise<void>> {
  const { schema } = audited.store.db
  await schema.alterTable('audit').renameTo('audit_away').execute()
  return () => schema.alterTable('audit_away').renameTo('audit').execute()
}

/** Puts a file in the folder's place; returns a function that restores it. */
function takeFolderAway(): () => void {
  const aside = `${audited.folder}.aside`
  renameSync(audited.folder, aside)
  writeFileSync(audited.folder, '')
  return () => {
    rmSync(audited.folder)
    renameSync(aside, audited.folder)
  }
}

describe('the files', () => {
  it('are for this user alone, and the folder too', async () => {
    await audited.keep(1)
    const files = audited.files().map((name) => join(audited.folder, name))
    expect([audited.folder, ...files].map(modeOf)).toEqual(['700', '600'])
  })

  it('leave a folder as it is that was there before', async () => {
    mkdirSync(audited.folder)
    chmodSync(audited.folder, 0o755)
    await audited.keep(1)
    expect(modeOf(audited.folder)).toBe('755')
    expect(audited.files().map((name) => modeOf(join(audited.folder, name)))).toEqual(['600'])
  })

  it('begin anew each day and at a size, and the chain goes on', async () => {
    let now = new Date('2026-11-25T23:59:59Z')
    await using log = await audited.begin({ now: () => now, maxFileBytes: 700 })
    for (let number = 0; number < 4; number += 1) {
      log.note(aDelete)
      await log.flush()
    }
    now = new Date('2026-11-26T00:00:01Z')
    log.note(aDelete)
    await log.flush()
    expect(audited.files().length).toBeGreaterThan(2)
    expect(audited.files().at(-1)).toMatch(/^20261126T000001000Z-\w{12}-6\.jsonl$/)
    expect((await audited.verify()).flaws).toEqual([])
  })

  it('are made again where somebody removed them', async () => {
    await using log = await audited.begin()
    await log.flush()
    renameSync(audited.folder, `${audited.folder}.gone`)
    log.note(aDelete)
    await log.flush()
    expect(auditRecords(audited.folder)).toHaveLength(1)
  })
})

describe('a sink that takes nothing', () => {
  it('holds nobody up, is told once, and gets everything when it is back', async () => {
    await using log = await audited.begin({ flushMs: 10 })
    await log.flush()
    const bringBack = await takeTableAway()
    for (let number = 0; number < 20; number += 1) await log.keep(aDelete)
    expect(auditRecords(audited.folder)).toHaveLength(20)
    await expect(log.flush()).rejects.toThrow()
    expect(audited.troubles).toHaveLength(1)
    await bringBack()
    await waitUntil(async () => (await inTable('delete')).length === 20, {
      what: 'the records',
      timeoutMs: 2e4,
    })
    expect((await audited.verify()).flaws).toEqual([])
  })

  it('loses what there is no room for, says which, and the rest is whole', async () => {
    const log = await audited.begin({ maxWaiting: 5 })
    await log.flush()
    const bringBack = await takeTableAway()
    for (let number = 0; number < 20; number += 1) await log.keep(aDelete)
    await bringBack()
    await log.flush()
    await log.flush()
    const [gap] = await inTable('audit gap')
    expect(gap).toMatchObject({ missing: { sink: 'table', from: 7, to: 21 } })
    await log[Symbol.asyncDispose]()
    expect(auditRecords(audited.folder)).toHaveLength(20)
    expect(await inTable('delete')).toHaveLength(5)
    expect((await audited.verify()).flaws).toEqual([])
  })
})

describe('while neither sink takes anything', () => {
  it('what cannot be undone is refused, all else waits and is kept later', async () => {
    await using log = await audited.begin()
    await log.flush()
    const bringTableBack = await takeTableAway()
    const bringFolderBack = takeFolderAway()
    await expect(log.keep(aDelete)).rejects.toMatchObject({ code: 'SOEN_AUDIT_AWAY', status: 503 })
    log.note({ ...aDelete, action: 'log' })
    await expect(log.flush()).rejects.toThrow()
    bringFolderBack()
    await expect(log.keep(aDelete)).resolves.toBeUndefined()
    await bringTableBack()
    await log.flush()
    expect(await inTable('log')).toHaveLength(1)
    expect((await audited.verify()).flaws).toEqual([])
  })
})
