import { appendFileSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openAudited } from '../testing/audited-folder.ts'
import type { Audited } from '../testing/audited-folder.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { hashOf, lineOf, readLine } from './record.ts'
import type { AuditRecord } from './record.ts'
import { signHeads } from './signatures.ts'
import { verifyAudit } from './verify.ts'
import type { Verdict } from './verify.ts'

let audited: Audited
let signatures: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  audited = await openAudited()
  signatures = await temporaryFolder()
  await audited.keep(5)
})
afterEach(async () => {
  await audited[Symbol.asyncDispose]()
  await signatures[Symbol.asyncDispose]()
})

const sign = (now?: Date): Promise<number> => signHeads(audited.folder, signatures.path, now)
const verify = (): Promise<Verdict> =>
  verifyAudit(audited.store.db, { folder: audited.folder, signatures: signatures.path })
const headsFile = (): string => join(signatures.path, 'heads.jsonl')

/**
 * Rewrites the only chain both in the files and in the table, as somebody could who knows how the hashes are
 * computed.
 */
async function rewrite(change: (records: AuditRecord[]) => AuditRecord[]): Promise<void> {
  const { db } = audited.store
  const path = join(audited.folder, audited.files()[0] ?? '')
  const before = readFileSync(path, 'utf8').trim().split('\n')
  const chain: AuditRecord[] = []
  for (const record of change(before.flatMap((line) => readLine(line) ?? []))) {
    const linked = { ...record, prev: chain.at(-1)?.hash ?? '' }
    chain.push({ ...linked, hash: hashOf(linked) })
  }
  writeFileSync(path, chain.map((record) => `${lineOf(record)}\n`).join(''))
  for (const { seq, ...record } of chain) {
    await db
      .updateTable('audit')
      .set({ record: lineOf({ seq, ...record }) })
      .where('seq', '=', seq)
      .execute()
  }
  const { seq = 0, hash = '' } = chain.at(-1) ?? {}
  await db.deleteFrom('audit').where('seq', '>', seq).execute()
  await db.updateTable('audit_heads').set({ seq, hash }).execute()
}
const rewriteReason = (records: AuditRecord[]): AuditRecord[] =>
  records.map((record) => (record.seq === 3 ? { ...record, reason: 'another one' } : record))
const cutOffTwo = (records: AuditRecord[]): AuditRecord[] => records.slice(0, -2)

describe('signed heads', () => {
  it('say until when the audit is signed, and are made once for what has not grown', async () => {
    expect(await sign(new Date('2026-01-02T03:04:05Z'))).toBe(1)
    expect(await sign()).toBe(0)
    const { isIntact, notes, signed } = await verify()
    expect({ isIntact, notes, signed }).toEqual({
      isIntact: true,
      notes: [],
      signed: { heads: 1, until: '2026-01-02T03:04:05.000Z' },
    })
    await audited.keep(2)
    expect(await sign()).toBe(1)
    expect(await verify()).toMatchObject({ isIntact: true, signed: { heads: 2 } })
  })

  it('find a record that was rewritten everywhere, with hashes that fit', async () => {
    await sign()
    await rewrite(rewriteReason)
    expect(await audited.verify()).toMatchObject({ isIntact: true })
    const { isIntact, flaws } = await verify()
    expect(isIntact).toBe(false)
    expect(flaws).toMatchObject([
      { kind: 'altered', message: expect.stringMatching(/not the one that was signed at 2/) },
    ])
    // Signing again must not legitimise the change.
    await audited.keep(1)
    await sign()
    expect(await verify()).toMatchObject({ isIntact: false })
  })

  it('find an end that was cut off everywhere', async () => {
    await sign()
    await rewrite(cutOffTwo)
    expect(await audited.verify()).toMatchObject({ isIntact: true })
    const { isIntact, flaws } = await verify()
    expect(isIntact).toBe(false)
    expect(flaws).toMatchObject([
      { kind: 'cut off', message: expect.stringMatching(/was signed at .*, and is gone/) },
    ])
  })

  it('say nothing about what happened since', async () => {
    await sign()
    await audited.keep(3)
    await audited.store.db.deleteFrom('audit').where('writer', '!=', 'none').execute()
    expect(await verify()).toMatchObject({ isIntact: false })
  })

  it('are not believed with a signature of somebody else', async () => {
    await sign()
    const [line = ''] = readFileSync(headsFile(), 'utf8').split('\n')
    await using other = await temporaryFolder()
    await audited.keep(1)
    await signHeads(audited.folder, other.path)
    const [foreign = ''] = readFileSync(join(other.path, 'heads.jsonl'), 'utf8').split('\n')
    appendFileSync(headsFile(), `${foreign}\n${line.replace('"seq":', '"seq":1')}\nno JSON\n`)
    const { flaws } = await verify()
    expect(flaws.map(({ place }) => place)).toEqual([2, 3, 4].map((number) => `signatures, line ${number}`))
  })

  it('are made with a key that nobody else can read', async () => {
    await sign()
    const modes = readdirSync(signatures.path).map((name) => [
      name,
      statSync(join(signatures.path, name)).mode & 0o077,
    ])
    expect(Object.fromEntries(modes)).toEqual({ 'heads.jsonl': 0o44, 'key.pem': 0, 'public.pem': 0o44 })
  })

  it('are missed where there are none', async () => {
    const { isIntact, notes, signed } = await verify()
    expect([isIntact, notes, signed]).toEqual([
      true,
      [expect.stringContaining('Nothing is signed here')],
      undefined,
    ])
  })

  it('say where they cannot be kept', async () => {
    await expect(signHeads(audited.folder, join(signatures.path, 'none'))).rejects.toMatchObject({
      code: 'SOEN_AUDIT_FOLDER',
    })
  })
})
