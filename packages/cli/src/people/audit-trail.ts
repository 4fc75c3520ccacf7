import { setTimeout as sleep } from 'node:timers/promises'
import type { AuthProxyApi } from '../auth-proxy/api.ts'
import { counted } from '../output/counted.ts'
import { shownTime } from '../output/shown-time.ts'
import type { Terminal } from '../output/terminal.ts'
import { findAuthProxy, type WhichAuthProxy } from './find-auth-proxy.ts'

/** Selects records. */
export interface AuditOptions extends WhichAuthProxy {
  readonly run?: string
  readonly experiment?: string
  readonly user?: string
  readonly action?: string
  readonly denied?: boolean
  readonly since?: string
  readonly until?: string
  readonly limit?: string
  readonly follow?: boolean
  readonly json?: boolean
}

interface AuditRecord {
  readonly writer: string
  readonly seq: number
  readonly time: string
  readonly sentence: string
}

interface Verdict {
  readonly isIntact: boolean
  readonly flaws: readonly { readonly place: string; readonly message: string }[]
  readonly notes: readonly string[]
  readonly table: { readonly records: number; readonly chains: number }
  readonly folder?: { readonly path: string; readonly records: number; readonly files: number }
  readonly signed?: { readonly until: string }
}

const pollMs = 2000
/** A record may reach the table a little later than a newer one. */
const overlapMs = 60_000
const mostFlawsShown = 20

/** `soen audit`: who did what, the newest first. */
export async function showTrail(options: AuditOptions, terminal: Terminal): Promise<void> {
  await using authProxy = await findAuthProxy(options, terminal)
  terminal.note(`On ${authProxy.place}`)
  const records = await ask(authProxy, options)
  if (options.follow) return await follow(authProxy, options, { records, terminal })
  if (options.json) return terminal.json(records)
  if (records.length === 0) {
    terminal.note('Nothing on record fits this. What a training writes is there after at most a minute.')
  }
  for (const { sentence } of records) terminal.result(sentence)
}

/** `soen audit verify`: checks that the records are complete and unaltered. */
export async function verifyTrail(options: AuditOptions, terminal: Terminal): Promise<void> {
  await using authProxy = await findAuthProxy(options, terminal)
  terminal.note(`On ${authProxy.place}`)
  const verdict: Verdict = await authProxy.call({ method: 'GET', path: 'audit/verify' })
  process.exitCode = verdict.isIntact ? 0 : 1
  if (options.json) return terminal.json(verdict)
  const { isIntact, flaws, notes, table, folder, signed } = verdict
  const files = folder && `, ${folder.records} in ${counted(folder.files, 'file')} of ${folder.path}`
  const walked = `${counted(table.records, 'record')} in ${counted(table.chains, 'chain')} of the table${files ?? ''}`
  terminal.result(`${isIntact ? 'Intact' : 'BROKEN'}: ${walked}.`)
  for (const { place, message } of flaws.slice(0, mostFlawsShown)) terminal.result(`  ${place}: ${message}`)
  if (flaws.length > mostFlawsShown) terminal.result(`  … and ${flaws.length - mostFlawsShown} more.`)
  if (signed !== undefined) terminal.result(`  Signed until ${shownTime(signed.until)}.`)
  for (const note of notes) terminal.note(`  ${note}`)
}

/** Shows existing records, the oldest first, then new ones as they come, one line each. */
async function follow(
  authProxy: AuthProxyApi,
  options: AuditOptions,
  { records, terminal }: { readonly records: readonly AuditRecord[]; readonly terminal: Terminal },
): Promise<never> {
  const shown = new Map<string, number>()
  for (let found = records; ; found = await poll()) {
    for (const record of found.toReversed()) {
      const key = `${record.writer} ${record.seq}`
      if (shown.has(key)) continue
      shown.set(key, Date.parse(record.time))
      if (options.json) terminal.json(record)
      else terminal.result(record.sentence)
    }
  }

  async function poll(): Promise<readonly AuditRecord[]> {
    await sleep(pollMs)
    const latest = Math.max(...shown.values(), 0)
    const since = latest === 0 ? options.since : new Date(latest - overlapMs).toISOString()
    for (const [key, time] of shown) if (time < latest - overlapMs) shown.delete(key)
    return await ask(authProxy, { ...options, limit: '1000', ...(since === undefined ? {} : { since }) })
  }
}

async function ask(authProxy: AuthProxyApi, options: AuditOptions): Promise<readonly AuditRecord[]> {
  const { run, experiment, user, action, denied, since, until, limit } = options
  const query = new URLSearchParams()
  const typed = { run, experiment, user, action, since, until, limit, denied: denied && 'true' }
  for (const [name, value] of Object.entries(typed)) if (value) query.set(name, value)
  const page: { readonly records: readonly AuditRecord[] } = await authProxy.call({
    method: 'GET',
    path: `audit?${query.toString()}`,
  })
  return page.records
}
