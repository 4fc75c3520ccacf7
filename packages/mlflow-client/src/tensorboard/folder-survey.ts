import type { TfEvent } from './event.ts'
import type { EventChunk } from './log-folder.ts'

interface Surveyed {
  events: number
  hasCurves: boolean
  hasHparams: boolean
  /** How many events came before the restart of a writer, and from which step on it took them back. */
  readonly restarts: { readonly before: number; readonly step: number }[]
}

/** What the folders below a log folder are to each other, and which of their events were taken back later. */
export class FolderSurvey {
  readonly #folders = new Map<string, Surveyed>()
  readonly #passed = new Map<string, number>()

  /** Take note of some events, in the order of their files. */
  note({ folder, events }: Pick<EventChunk, 'folder' | 'events'>): void {
    const seen = this.#folders.get(folder) ?? { events: 0, hasCurves: false, hasHparams: false, restarts: [] }
    this.#folders.set(folder, seen)
    for (const { step, scalars, hparams, isRestart } of events) {
      if (isRestart) seen.restarts.push({ before: seen.events, step })
      seen.hasCurves ||= scalars.length > 0
      seen.hasHparams ||= hparams !== undefined
      seen.events += 1
    }
  }

  /**
   * The folder of the training that a folder belongs to: the one above where writers put the hyperparameters of a
   * training beside its curves (as PyTorch's `add_hparams` does), itself otherwise.
   */
  homeOf(folder: string): string {
    if (folder === '' || this.#folders.get(folder)?.hasHparams !== true) return folder
    const above = folder.split('/').slice(0, -1).join('/')
    return this.#folders.get(above)?.hasCurves === true ? above : folder
  }

  /** The events of a second reading, without those that a restart of their writer took back. */
  leaveOutTakenBack({ folder, events }: Pick<EventChunk, 'folder' | 'events'>): readonly TfEvent[] {
    const first = this.#passed.get(folder) ?? 0
    this.#passed.set(folder, first + events.length)
    const restarts = this.#folders.get(folder)?.restarts ?? []
    if (restarts.every(({ before }) => before <= first)) return events
    return events.map((event, index) => {
      const isTakenBack = restarts.some(({ before, step }) => before > first + index && step <= event.step)
      return isTakenBack ? { ...event, scalars: [] } : event
    })
  }
}
