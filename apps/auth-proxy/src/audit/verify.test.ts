import { rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import type { KyselyPlugin } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openAudited } from '../testing/audited-folder.ts'
import type { Audited } from '../testing/audited-folder.ts'
import type { Store } from '../store/store.ts'
import { countTurns } from '../testing/count-turns.ts'
import { keepMany } from '../testing/many-records.ts'
import { dropRecords, listChains } from './stored-chains.ts'
import { canonicalJson, hashOf, lineOf, readLine } from './record.ts'
import type { AuditRecord } from './record.ts'
import { verifyAudit } from './verify.ts'
import type { Verdict } from './verify.ts'

let audited: Audited
beforeEach(async () => {
  audited = await openAudited()
})
afterEach(() => audited[Symbol.asyncDispose]())

async function firstFlaw(): Promise<string> {
  const { isIntact, flaws } = await audited.verify()
  expect(isIntact).toBe(false)
  return `${flaws[0]?.kind} at ${flaws[0]?.place}: ${flaws[0]?.message}`
}

/** A record as it would be forged by somebody who knows how the hash is computed. */
function forged(line: string | undefined, change: Partial<AuditRecord>): string {
  const record = readLine(line ?? '')
  if (record === undefined) throw new Error('There is no such record.')
  const changed = { ...record, ...change }
  return lineOf({ ...changed, hash: hashOf(changed) })
}

describe('a whole record', () => {
  it('is intact, over files, restarts and chains', async () => {
    await audited.keep(5)
    await audited.keep(5, { maxFileBytes: 500 })
    const { isIntact, flaws, table, folder } = await audited.verify()
    expect(flaws).toEqual([])
    expect(isIntact).toBe(true)
    expect(table).toEqual({ records: 14, chains: 2 })
    expect(folder).toMatchObject({ records: 14 })
    expect(audited.files().length).toBeGreaterThan(3)
  })

  it('is intact while a front door writes', async () => {
    await using log = await audited.begin({ flushMs: 1_000_000 })
    await log.flush()
    log.note({ action: 'delete', allowed: true, subjects: [] })
    expect(await audited.verify()).toMatchObject({ isIntact: true })
  })

  it('is intact where records sum up several actions', async () => {
    const log = await audited.begin()
    log.note({ action: 'put', allowed: true, subjects: [], count: 2, actions: { put: 1, get: 1 } })
    await log[Symbol.asyncDispose]()
    expect((await audited.verify()).flaws).toEqual([])
  })

  it('is spelled in one way only', () => {
    expect(canonicalJson({ b: 1, a: [true, { d: undefined, c: 'x' }] })).toBe('{"a":[true,{"c":"x"}],"b":1}')
  })
})

describe('a check', () => {
  const day = 24 * 60 * 60_000
  const aDelete = { action: 'delete', allowed: true, subjects: [{ kind: 'run', value: '1' }] } as const

  it('lets others have their turn between its pages, with a table alone too', async () => {
    await keepMany(audited.store.db, 2000)
    let verdict: Verdict | undefined
    const turns = await countTurns(async () => {
      verdict = await verifyAudit(audited.store.db, {})
    })
    expect(verdict).toMatchObject({ isIntact: true, table: { records: 2000 } })
    expect(turns).toBeGreaterThanOrEqual(20)
  })

  it('finds nothing wrong while a front door writes', async () => {
    // Long enough for the other front door to get further.
    const before = await audited.begin()
    for (let number = 0; number < 2000; number += 1) before.note(aDelete)
    await before[Symbol.asyncDispose]()
    let now = new Date()
    await using log = await audited.begin({ now: () => now })
    // Its first record is in both sinks before the clock jumps.
    await log.flush()
    const over = new AbortController()
    const write = async (): Promise<void> => {
      while (!over.signal.aborted) {
        // Longer than one sink may be behind the other.
        now = new Date(now.getTime() + 60_000)
        for (let number = 0; number < 20; number += 1) log.note(aDelete)
        await log.flush()
      }
    }
    const writing = write()
    const { flaws } = await audited.verify()
    over.abort()
    await writing
    expect(flaws).toEqual([])
  })

  it('finds nothing wrong while a front door drops what is too old', async () => {
    let now = new Date('2026-01-01T12:00:00Z')
    await using log = await audited.begin({ now: () => now, uptimeMs: () => now.getTime(), keepDays: 30 })
    for (let days = 0; days < 40; days += 1) {
      for (let number = 0; number < 30; number += 1) log.note(aDelete)
      await log.flush()
      now = new Date(now.getTime() + day)
    }
    const [{ flaws }] = await Promise.all([audited.verify(), log.expire()])
    expect(flaws).toEqual([])
    const { table } = await audited.verify()
    expect(table.records).toBeLessThan(1000)
  })

  it('waits until a front door has dropped all that is too old, however many steps that takes', async () => {
    const log = await audited.begin()
    for (let number = 0; number < 1200; number += 1) log.note(aDelete)
    await log.flush()
    const { db } = audited.store
    const [writer = ''] = (await listChains(db)).map((chain) => chain.writer)
    await log.keep({
      ...aDelete,
      action: 'audit expire',
      expired: { sink: 'table', upTo: { [writer]: 900 } },
    })
    await log[Symbol.asyncDispose]()
    // More steps than three checks have pages.
    let dropped = 0
    const dropping: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      async transformResult({ result }) {
        if (dropped < 900) await dropRecords(db, { [writer]: (dropped += 5) })
        return result
      },
    }
    const { flaws, table } = await verifyAudit(db.withPlugin(dropping), {})
    expect(flaws).toEqual([])
    expect([dropped, table.records]).toEqual([900, 303])
  })
})

describe('a file that was tampered with', () => {
  beforeEach(() => audited.keep(6))

  it('shows a flipped byte', async () => {
    const [file] = audited.files()
    audited.change(file, (lines) => lines.with(3, (lines[3] ?? '').replace('"run"', '"ran"')))
    expect(await firstFlaw()).toBe(`altered at file ${file}, line 4: Record 4 was altered.`)
  })

  it('shows another spelling of the same record', async () => {
    const [file] = audited.files()
    audited.change(file, (lines) => lines.with(3, (lines[3] ?? '').replace('"run"', String.raw`"\u0072un"`)))
    expect(await firstFlaw()).toContain('line 4')
  })

  it('shows a removed line', async () => {
    const [file] = audited.files()
    audited.change(file, (lines) => lines.toSpliced(3, 1))
    expect(await firstFlaw()).toBe(`missing at file ${file}, line 4: Record 4 is missing before record 5.`)
  })

  it('shows a swapped pair', async () => {
    const [file] = audited.files()
    audited.change(file, (lines) => lines.toSpliced(3, 2, lines[4] ?? '', lines[3] ?? ''))
    expect(await firstFlaw()).toBe(`missing at file ${file}, line 4: Record 4 is missing before record 5.`)
    expect((await audited.verify()).flaws[1]).toMatchObject({ kind: 'out of order', seq: 4 })
  })

  it('shows a record that was forged with a hash of its own', async () => {
    const [file] = audited.files()
    audited.change(file, (lines) => lines.with(3, forged(lines[3], { actor: 'mallory' })))
    expect(await firstFlaw()).toBe(
      `altered at file ${file}, line 5: Record 5 does not follow from the one before it.`,
    )
  })

  it('shows a line that is no record', async () => {
    const [file] = audited.files()
    audited.change(file, (lines) => lines.with(2, 'x'))
    expect(await firstFlaw()).toBe(
      `unreadable at file ${file}, line 3: This is no record: file ${file}, line 3.`,
    )
  })

  it('shows an end that is gone, by the table', async () => {
    const [file] = audited.files()
    audited.change(file, (lines) => [...lines.slice(0, -3), ''])
    expect(await firstFlaw()).toMatch(
      /^cut off at file .*, line 6: The table has \w+ up to record 8, the files only up to 6\.$/,
    )
  })

  it('shows an end that is gone, by the file after it', async () => {
    const [file] = audited.files()
    await audited.keep(1)
    audited.change(file, (lines) => [...lines.slice(0, -3), ''])
    expect(await firstFlaw()).toBe(
      `cut off at file ${file}: ${file} ended with record 8 when the next file began, and now it ends with record 6.`,
    )
  })

  it('shows half a line at the end that no front door saw', async () => {
    const [file = ''] = audited.files()
    audited.change(file, (lines) => [...lines.slice(0, -2), (lines.at(-2) ?? '').slice(0, 20)])
    expect(await firstFlaw()).toContain(`cut off at file ${file}, line 8`)
  })

  it('shows that a whole file is gone, also the last one', async () => {
    await audited.keep(1)
    const [first = '', last = ''] = audited.files()
    rmSync(join(audited.folder, last))
    expect(await firstFlaw()).toMatch(/The table has \w+ up to record 3, the files only up to 0/)
    rmSync(join(audited.folder, first))
    expect((await audited.verify()).flaws).toHaveLength(2)
  })

  it('shows a chain that was made anew from some place on, by the table', async () => {
    const [file] = audited.files()
    audited.change(file, (lines) => {
      let prev = readLine(lines[2] ?? '')?.hash ?? ''
      return lines.map((line, index) => {
        if (index < 3 || line === '') return line
        const again = forged(line, { prev, actor: 'mallory' })
        prev = readLine(again)?.hash ?? ''
        return again
      })
    })
    expect(await firstFlaw()).toMatch(
      /^differs at .*Record 8 of \w+ is not the same in the files and in the table/,
    )
  })
})

describe('a table that was tampered with', () => {
  beforeEach(() => audited.keep(6))

  it.each([
    ['a record', 'record', '{}', 'unreadable'],
    ['who did it', 'actor', 'mallory', 'altered'],
    ['what was done', 'action', 'nothing', 'altered'],
  ])('shows %s that was altered', async (_case, column, value, kind) => {
    await audited.store.db
      .updateTable('audit')
      .set({ [column]: value })
      .where('seq', '=', 4)
      .execute()
    expect(await firstFlaw()).toMatch(new RegExp(`^${kind} at table, record 4 of`))
  })

  it('shows a removed row, and one that is no longer found by its run', async () => {
    await audited.store.db.deleteFrom('audit_subjects').where('seq', '=', 3).execute()
    expect(await firstFlaw()).toMatch(
      /^altered at table, record 3 of .* What record 3 is found by was altered/,
    )
    await audited.store.db.deleteFrom('audit').where('seq', '=', 3).execute()
    expect(await firstFlaw()).toContain('Record 3 is missing before record 4.')
  })

  it.each([
    [
      'the order of what is found',
      (db) => db.updateTable('audit_subjects').set({ time: '1970' }).where('seq', '=', 3),
    ],
    ['the place of a run', (db) => db.deleteFrom('audit_places')],
  ] as const satisfies [string, (db: Store['db']) => { execute(): Promise<unknown> }][])(
    'shows that %s was altered',
    async (_what, tamper) => {
      const log = await audited.begin()
      const subjects = [{ kind: 'run', value: '1' } as const, { kind: 'experiment', value: '1' } as const]
      log.note({ action: 'create', allowed: true, subjects })
      await log[Symbol.asyncDispose]()
      await tamper(audited.store.db).execute()
      expect(await firstFlaw()).toMatch(/^altered at table, record \d of .* is found by was altered/)
    },
  )

  it('shows an end that is gone, also with its head, once another front door began', async () => {
    await audited.store.db.deleteFrom('audit').where('seq', '>', 6).execute()
    expect(await firstFlaw()).toMatch(/was written up to record 8, but ends with record 6/)
    await audited.keep(1)
    await audited.store.db.deleteFrom('audit').where('seq', '=', 6).execute()
    await audited.store.db.deleteFrom('audit_heads').where('seq', '=', 8).execute()
    expect(await firstFlaw()).toMatch(/A later chain vouches for record 8/)
  })

  it('shows that everything is gone, by the files', async () => {
    for (const name of ['audit', 'audit_subjects', 'audit_heads'] as const) {
      await audited.store.db.deleteFrom(name).execute()
    }
    expect(await firstFlaw()).toMatch(/The files have \w+ up to record 8, the table only up to 0/)
  })
})

describe('a crash', () => {
  it('that tore the last line is noted by the next front door, and nothing is wrong', async () => {
    await audited.keep(3)
    const [file = ''] = audited.files()
    const log = await audited.begin()
    await log.flush()
    const torn = audited.files()[1] ?? ''
    expect(torn).not.toBe(file)
    // As a killed process leaves it: half a line, and nothing of it in the table.
    await audited.store.db
      .deleteFrom('audit')
      .where('writer', '=', torn.split('-')[1] ?? '')
      .execute()
    await audited.store.db
      .deleteFrom('audit_heads')
      .where('writer', '=', torn.split('-')[1] ?? '')
      .execute()
    truncateSync(join(audited.folder, torn), 60)
    await audited.keep(2)
    expect(await audited.verify()).toMatchObject({
      isIntact: true,
      notes: [`A crash cut the last line of ${torn} off.`, expect.stringContaining('Nothing is signed here')],
    })
  })
})

/** Starts, writes three records, and dies without an end record. */
async function beginAndDie(): Promise<string> {
  const log = await audited.begin()
  for (let number = 0; number < 3; number += 1) {
    log.note({ action: 'delete', allowed: true, subjects: [{ kind: 'run', value: '1' }] })
  }
  await log.flush()
  return audited.files().at(-1)?.split('-')[1] ?? ''
}

describe('a front door that was killed', () => {
  it('and had more in its file than in the table leaves nothing wrong, and the next one brings it there', async () => {
    const writer = await beginAndDie()
    const { db } = audited.store
    await db.deleteFrom('audit').where('seq', '>', 2).execute()
    await db.deleteFrom('audit_subjects').where('seq', '>', 2).execute()
    const [first] = await db.selectFrom('audit').select('record').where('seq', '=', 2).execute()
    const hash = readLine(first?.record ?? '')?.hash ?? ''
    await db.updateTable('audit_heads').set({ seq: 2, hash }).where('writer', '=', writer).execute()
    expect(await audited.verify()).toMatchObject({
      isIntact: true,
      notes: [
        expect.stringContaining('the table only up to 2'),
        expect.stringContaining('was killed'),
        expect.stringContaining('Nothing is signed here'),
      ],
    })
    await audited.keep(1)
    const rows = await db.selectFrom('audit').select('seq').where('writer', '=', writer).execute()
    expect(rows).toHaveLength(4)
    expect((await audited.verify()).flaws).toEqual([])
  })

  it('and had more in the table than in its file leaves nothing wrong', async () => {
    await beginAndDie()
    const [file] = audited.files()
    audited.change(file, (lines) => [...lines.slice(0, -2), ''])
    expect(await audited.verify()).toMatchObject({ isIntact: true })
  })

  it('lets nothing into the table that does not follow from what is there', async () => {
    const writer = await beginAndDie()
    const { db } = audited.store
    await db.deleteFrom('audit').where('seq', '>', 2).execute()
    await db.updateTable('audit_heads').set({ seq: 2 }).where('writer', '=', writer).execute()
    audited.change(audited.files()[0], (lines) =>
      lines.with(2, forged(lines[2], { actor: 'mallory', prev: 'x' })),
    )
    await audited.keep(1)
    const rows = await db.selectFrom('audit').select('seq').where('writer', '=', writer).execute()
    expect(rows).toHaveLength(2)
  })
})
