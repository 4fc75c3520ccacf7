import type { TfEvent } from './event.ts'
import type { EventChunk } from './log-folder.ts'

interface Surveyed {
  events: number
  hasCurves: boolean
  hasHparams: boolean
  /** For each restart of a writer, the number of events before it, and the step from which on it supersedes them. */
  readonly restarts: { readonly before: number; readonly step: number }[]
}

/** How the folders below a log folder belong together, and which of their events were superseded later. */
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

  /** The events of a second reading, without those that a restart of their writer superseded. */
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
