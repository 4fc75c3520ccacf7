import { hasShape } from '../node/json-file.ts'
import type { JournalHeader, RemoteRun } from '../journal/header.ts'
import type { JournalRecord } from '../journal/records.ts'
import { NameRegistry } from '../names/name-registry.ts'
import { MlflowError } from '../rest/mlflow-error.ts'
import { logParam } from '../rest/run-data.ts'
import { getRun } from '../rest/runs.ts'
import type { Transport } from '../rest/transport.ts'
import type { WireRun } from '../rest/wire.ts'
import { RUN_TAGS, tagOf } from './run-tags.ts'

/** The kinds of records with names, and for each the tag that lists the names that had to change. */
const NOTES = { m: 'soen.metric_names', p: 'soen.param_names', t: 'soen.tag_names' } as const
type Kind = keyof typeof NOTES

/** Clean name → original. */
type Names = Readonly<Record<string, string>>

/** The prefix of the parameters in which processes that share a run record, in turn, which names they use. */
const CLAIM = 'soen.names'
/** Within MLflow's limits of 6,000 for a parameter and 8,000 for a tag. */
const MAX_NOTE_LENGTH = 5000

/** What is known about the run's names in addition to the run itself. */
export interface RunNamesParts {
  readonly transport: Transport
  readonly header: JournalHeader & { readonly names: 'flat' | 'paths' }
  /** The run has just been created: it is empty, and nobody else knows it. */
  readonly isNew: boolean
  /** Retries a request until it succeeds or is refused for good. */
  readonly persist: <Result>(request: () => Promise<Result>) => Promise<Result>
}

/**
 * Gives what was logged names that the server accepts, the same ones in every process that logs to the run.
 *
 * Which of `val/loss` and `val_loss` gets the name `val_loss` depends on which the run had first: a tag records each
 * decision, and names in the run keep their meaning. Processes that share a run decide through a parameter, which
 * can be set only once.
 */
export class RunNames {
  readonly #parts: RunNamesParts
  #registries: Readonly<Record<Kind, NameRegistry>>
  /** The names that this process has used. */
  readonly #used: Readonly<Record<Kind, Map<string, string>>> = { m: new Map(), p: new Map(), t: new Map() }
  #claims = 0
  #isShared = false
  #isAsked: boolean

  constructor(parts: RunNamesParts) {
    this.#parts = parts
    this.#isAsked = parts.isNew
    this.#registries = this.#emptyRegistries()
  }

  /** The records with clean names, and the notes about them for the run. Throws what a request throws. */
  async clean(records: readonly JournalRecord[], run: RemoteRun): Promise<readonly JournalRecord[]> {
    const strange = this.#strangeIn(records)
    const notes: JournalRecord[] = []
    if (strange.length > 0) {
      if (!this.#isAsked) await this.#ask(run)
      // Other processes may have used further names meanwhile.
      this.#isAsked = false
      if (this.#isShared) await this.#claim(strange, run)
      for (const [kind, name] of strange) this.#used[kind].set(name, this.#registries[kind].clean(name))
      notes.push(...this.#notes(strange))
    }
    return [...notes, ...records.map((record) => this.#renamed(record))]
  }

  #strangeIn(records: readonly JournalRecord[]): [Kind, string][] {
    const strange = { m: new Set<string>(), p: new Set<string>(), t: new Set<string>() }
    for (const record of records) {
      if (!isNamed(record)) continue
      for (const name of Object.keys(record.v)) {
        if (!this.#used[record.k].has(name)) strange[record.k].add(name)
      }
    }
    return KINDS.flatMap((kind) => Array.from(strange[kind], (name): [Kind, string] => [kind, name]))
  }

  #renamed(record: JournalRecord): JournalRecord {
    if (!isNamed(record)) return record
    const used = this.#used[record.k]
    const entries = Object.entries(record.v)
    if (entries.every(([name]) => used.get(name) === name)) return record
    return { ...record, v: Object.fromEntries(entries.map(([name, value]) => [used.get(name), value])) }
  }

  /** One tag for each kind that has changed names. */
  #notes(strange: readonly (readonly [Kind, string])[]): JournalRecord[] {
    const changed = strange.filter(([kind, name]) => this.#used[kind].get(name) !== name)
    return [...new Set(changed.map(([kind]) => kind))].flatMap((kind) => {
      const json = JSON.stringify(this.#registries[kind].changed())
      // Truncated JSON is useless.
      return json.length > MAX_NOTE_LENGTH ? [] : [{ k: 't', v: { [NOTES[kind]]: json } }]
    })
  }

  /** Read the names that the run has. */
  async #ask({ runId }: RemoteRun): Promise<void> {
    const { transport, header, persist } = this.#parts
    const run = await persist(() => getRun(transport, runId))
    const claims = claimsOf(run)
    this.#claims = claims.length
    this.#isShared = isShared(run, header)
    this.#registries = this.#emptyRegistries()
    for (const kind of KINDS) {
      const noted = parseNames(tagOf(run, NOTES[kind]))
      const used = Array.from(this.#used[kind], ([original, clean]) => [clean, original] as const)
      const here = keysOf(run, kind).map((key) => [key, key] as const)
      const claimed = claims.flatMap((claim) => Object.entries(parseNames(claim[kind])))
      for (const [clean, original] of [...used, ...claimed, ...Object.entries(noted), ...here])
        this.#registries[kind].hold(clean, original)
    }
  }

  /** Decide about names together with the other processes of the run: whoever sets the next parameter decides. */
  async #claim(strange: readonly (readonly [Kind, string])[], run: RemoteRun): Promise<void> {
    const { transport, persist } = this.#parts
    const { runId } = run
    for (;;) {
      const open = strange.filter(([kind, name]) => this.#registries[kind].find(name) === undefined)
      if (open.length === 0) return
      const before = this.#claims
      const value = this.#draft(open)
      try {
        await persist(() => logParam(transport, { runId, key: `${CLAIM}.${before + 1}`, value }))
      } catch (error) {
        if (!(error instanceof MlflowError) || error.verdict !== 'item') throw error
      }
      await this.#ask(run)
      // A server that does not keep parameters must not block delivery.
      if (this.#claims === before) return
    }
  }

  /** As many of the names as fit into one parameter. */
  #draft(open: readonly (readonly [Kind, string])[]): string {
    const draft: [Kind, string, string][] = []
    let json = ''
    for (const [kind, name] of open) {
      draft.push([kind, this.#registries[kind].clean(name), name])
      const longer = JSON.stringify(claimOf(draft))
      if (json !== '' && longer.length > MAX_NOTE_LENGTH) break
      json = longer
    }
    return json
  }

  #emptyRegistries(): Readonly<Record<Kind, NameRegistry>> {
    const paths = { keepSlashes: true }
    const isKept = this.#parts.header.names === 'paths'
    return {
      m: new NameRegistry({ keepSlashes: isKept }),
      p: new NameRegistry(paths),
      t: new NameRegistry(paths),
    }
  }
}

const KINDS: readonly Kind[] = ['m', 'p', 't']

type NamedRecord = Extract<JournalRecord, { readonly k: Kind }>

function isNamed(record: JournalRecord): record is NamedRecord {
  return record.k in NOTES
}

/** Whether other processes log to the run, or have done so. */
function isShared(run: WireRun, { joins, clientRunId }: JournalHeader): boolean {
  const process = tagOf(run, RUN_TAGS.process)
  const isAnothers = process !== undefined && process !== clientRunId
  return (
    joins !== undefined || isAnothers || [RUN_TAGS.shared, RUN_TAGS.restarts].some((key) => tagOf(run, key))
  )
}

function claimOf(draft: readonly (readonly [Kind, string, string])[]): Partial<Record<Kind, Names>> {
  const byKind = Map.groupBy(draft, ([kind]) => kind)
  const claims = Array.from(byKind, ([kind, names]) => [
    kind,
    Object.fromEntries(names.map(([, clean, original]) => [clean, original])),
  ])
  return Object.fromEntries(claims)
}

function claimsOf(run: WireRun): Partial<Record<Kind, unknown>>[] {
  const claims: Partial<Record<Kind, unknown>>[] = []
  const values = new Map(run.data.params?.map(({ key, value }) => [key, value]))
  for (
    let text = values.get(`${CLAIM}.1`);
    text !== undefined;
    text = values.get(`${CLAIM}.${claims.length + 1}`)
  )
    claims.push(parseObject(text))
  return claims
}

function keysOf(run: WireRun, kind: Kind): string[] {
  const { metrics, params, tags } = run.data
  const entries = { m: metrics, p: params, t: tags }[kind] ?? []
  return entries.map(({ key }) => key)
}

/** People may edit tags, too. */
function parseNames(value: unknown): Names {
  const entries = Object.entries(typeof value === 'string' ? parseObject(value) : (value ?? {}))
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

function parseObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text)
    return hasShape(value, {}) ? value : {}
  } catch {
    return {}
  }
}
