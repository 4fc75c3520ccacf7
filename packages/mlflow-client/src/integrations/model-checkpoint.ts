import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { normalizeArtifactPath, toStorablePath } from '../artifacts/path.ts'
import { deliveryTransport } from '../delivery/delivery-transport.ts'
import { ClientError } from '../errors/client-error.ts'
import { emitWarning } from '../errors/emit-warning.ts'
import { deleteArtifact } from '../rest/artifacts.ts'
import type { Client } from '../run/client.ts'
import type { Run } from '../run/run.ts'
import { sanitizeName } from '../names/sanitize.ts'
import { readBook, writeBook, type Checkpoint } from './checkpoint-book.ts'
import { lookAtCheckpoint, type CheckpointFiles } from './checkpoint-files.ts'
import { createGuard, type Guard, type OnWarn } from './guard.ts'
import { KeptCheckpoints } from './kept-checkpoints.ts'
import { heldRun, type RunHolder } from './run-holder.ts'
import { watchCheckpoints, type CheckpointWatcher, type WatchOptions } from './watch-checkpoints.ts'

/** How long a removal in the background waits for earlier uploads, and so keeps a program alive at most. */
const SETTLE_MS = 1000

/** The run, and which of its checkpoints are kept. */
export type SOENModelCheckpointOptions = (
  | { readonly logger: RunHolder }
  | { readonly run: Run; readonly client: Client }
) & {
  /** Folder of the checkpoints; the book of kept ones is stored there, too. */
  readonly dir: string
  /** The metric that decides; without one the newest are the best. */
  readonly monitor?: string | undefined
  /** `min` by default. */
  readonly mode?: 'min' | 'max' | undefined
  /** How many of the best are kept on the server, 1 by default; -1 keeps all. */
  readonly topK?: number | undefined
  /** Also keep the latest, whatever its score. */
  readonly saveLast?: boolean | undefined
  /** Extension of the file beside a checkpoint that is uploaded last; `.soen` by default. */
  readonly sidecar?: string | undefined
  /** Extension of a checkpoint, for `watch`; `.ckpt` by default. */
  readonly extension?: string | undefined
  /** Folder among the run's artifacts; `checkpoints` by default. */
  readonly to?: string | undefined
  /** Called with each warning; by default Node emits it. */
  readonly onWarn?: OnWarn | undefined
}

/**
 * Uploads the best checkpoints of a training, and removes beaten ones from the server.
 *
 * A side-car is uploaded after its checkpoint: where it exists, the checkpoint is complete. Local files are never
 * touched. It never throws into the training. A training resumed in the same run continues with the same best
 * checkpoints.
 */
export class SOENModelCheckpoint implements AsyncDisposable {
  readonly #holder: RunHolder
  readonly #dir: string
  readonly #monitor: string | undefined
  readonly #sidecar: string
  readonly #extension: string
  readonly #to: string
  readonly #kept: KeptCheckpoints
  readonly #onWarn: OnWarn
  readonly #guard: Guard
  readonly #watchers = new Set<CheckpointWatcher>()
  #bestTag: string | undefined
  #hasToldMissing = false
  #isUnsettled = false
  #settling: Promise<void> | undefined

  constructor(options: SOENModelCheckpointOptions) {
    const { dir, monitor, mode = 'min', topK = 1, saveLast = false, onWarn = emitWarning } = options
    this.#holder = 'logger' in options ? options.logger : heldRun(options)
    this.#dir = resolve(dir)
    this.#monitor = monitor
    this.#sidecar = options.sidecar ?? '.soen'
    this.#extension = options.extension ?? '.ckpt'
    this.#to = options.to ?? 'checkpoints'
    this.#onWarn = onWarn
    this.#guard = createGuard(onWarn)
    // Without a metric the score is the time.
    const rule = { mode: monitor === undefined ? 'max' : mode, topK, saveLast }
    this.#kept = new KeptCheckpoints(rule, readBook(this.#dir))
  }

  /**
   * Report a written checkpoint: it is kept if it is one of the best.
   *
   * Call it again if its side-car is written later; only that is uploaded then.
   */
  onSaved(path: string, metrics: Readonly<Record<string, number>> = {}): void {
    this.#holder.withRun((run, client) => {
      if (client.mode === 'disabled') return
      this.#guard(`Keeping the checkpoint ${path}`, () => {
        this.#take(run, lookAtCheckpoint(path, this.#sidecar), metrics)
        this.#settleSoon(run, client)
      })
    })
  }

  /** Find checkpoints that another program writes into the folder, until `stop` or `close`. */
  watch(options: WatchOptions = {}): CheckpointWatcher {
    const watcher = watchCheckpoints(
      { dir: this.#dir, extension: this.#extension, sidecar: this.#sidecar, ...options },
      ({ path, metrics }) => this.onSaved(path, metrics),
      (look) => this.#guard(`Watching ${this.#dir}`, look),
    )
    this.#watchers.add(watcher)
    return watcher
  }

  /**
   * Stop watching, and wait at most `timeoutMs` until beaten checkpoints are removed. Call it before the run ends.
   * Never rejects.
   */
  async close({ timeoutMs = 30_000 }: { readonly timeoutMs?: number } = {}): Promise<void> {
    for (const watcher of this.#watchers) await watcher.stop()
    this.#watchers.clear()
    const open: { run: Run; client: Client }[] = []
    this.#holder.withRun((run, client) => open.push({ run, client }))
    for (const { run, client } of open) {
      await this.#settling
      if (client.mode !== 'disabled') await this.#settle(run, client, timeoutMs)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #take(run: Run, files: CheckpointFiles, metrics: Readonly<Record<string, number>>): void {
    if (run.remote !== undefined) this.#kept.adopt(run.remote.runId)
    const name = this.#nameOf(files.path)
    const sidecar =
      files.sidecar === undefined
        ? undefined
        : { ...files.sidecar, name: join(dirname(name), basename(files.sidecar.path)) }
    const candidate: Checkpoint = {
      name,
      score: this.#monitor === undefined ? files.writtenMs : this.#score(this.#monitor, metrics, name),
      fingerprint: files.fingerprint,
      sidecar: sidecar?.fingerprint,
      artifacts: [name, ...(sidecar === undefined ? [] : [sidecar.name])].map((each) => this.#artifact(each)),
    }
    const { isKept, previous } = this.#kept.add(candidate)
    const isKnown = previous?.fingerprint === candidate.fingerprint
    if (isKept && !isKnown) this.#upload(run, files.path, name)
    if (isKept && sidecar !== undefined && !(isKnown && previous.sidecar === sidecar.fingerprint))
      this.#upload(run, sidecar.path, sidecar.name)
    this.#tagBest(run)
  }

  #upload(run: Run, path: string, name: string): void {
    run.artifact(path, { to: dirname(`${this.#to}/${toSlashes(name)}`), as: basename(path) })
  }

  #tagBest(run: Run): void {
    const best = this.#kept.best?.artifacts[0]
    if (best === undefined || best === this.#bestTag) return
    this.#bestTag = best
    run.tag('soen.best_checkpoint', best)
  }

  /** Background work, one round at a time: requests during a round lead to one more. */
  #settleSoon(run: Run, client: Client): void {
    this.#isUnsettled = true
    this.#settling ??= this.#settleAll(run, client).finally(() => {
      this.#settling = undefined
    })
  }

  async #settleAll(run: Run, client: Client): Promise<void> {
    while (this.#isUnsettled) {
      this.#isUnsettled = false
      await this.#settle(run, client, SETTLE_MS)
    }
  }

  async #settle(run: Run, client: Client, timeoutMs: number): Promise<void> {
    try {
      // A beaten checkpoint may still be waiting for upload: if removed before, it would come back.
      const { spooled } = await run.flush({ timeoutMs })
      const { remote } = run
      if (remote === undefined) return
      this.#kept.adopt(remote.runId)
      if (spooled === 0) await this.#removeBeaten(client, remote.artifactUri)
      writeBook(this.#dir, this.#kept.book(remote.runId))
    } catch (error) {
      this.#guard('Removing beaten checkpoints', () => {
        throw error
      })
    }
  }

  async #removeBeaten({ settings }: Client, artifactUri: string): Promise<void> {
    if (!settings.active) return
    const transport = deliveryTransport(settings)
    for (const path of this.#kept.removing) {
      // It may have been saved again while the earlier one was being removed.
      if (!this.#kept.removing.includes(path)) continue
      await deleteArtifact(transport, { artifactUri, path })
      this.#kept.removed(path)
    }
  }

  #score(monitor: string, metrics: Readonly<Record<string, number>>, name: string): number | undefined {
    // The loop may say `val_loss/total` where a file name can only say `val_loss_total`.
    const key = Object.keys(metrics).find((each) => sanitizeName(each) === sanitizeName(monitor))
    const value = metrics[monitor] ?? (key === undefined ? undefined : metrics[key])
    if (value !== undefined && Number.isFinite(value)) return value
    this.#tellMissing(monitor, name, value)
    return undefined
  }

  #tellMissing(monitor: string, name: string, value: number | undefined): void {
    if (this.#hasToldMissing) return
    this.#hasToldMissing = true
    this.#onWarn(
      new ClientError({
        code: 'SOEN_ITEM_REFUSED',
        message: `The checkpoint "${name}" is not compared: its "${monitor}" is ${value === undefined ? 'missing' : value}.`,
        hint: 'Hand the metric to onSaved, or have it in the name of the file as `metric=0.12`.',
      }),
    )
  }

  /** The path below the folder; a file from elsewhere is known by its base name. */
  #nameOf(path: string): string {
    const name = relative(this.#dir, resolve(path))
    return name.startsWith('..') || isAbsolute(name) ? basename(path) : name
  }

  #artifact(name: string): string {
    const path = normalizeArtifactPath(`${this.#to}/${toSlashes(name)}`)
    if (path === undefined) throw new Error(`"${this.#to}" leaves the folder of the run's artifacts`)
    return toStorablePath(path)
  }
}

function toSlashes(path: string): string {
  return path.replaceAll(sep, '/')
}
