import { basename, resolve } from 'node:path'
import { listFolder } from '../artifacts/list-files.ts'
import { normalizeArtifactPath, toStorablePath } from '../artifacts/path.ts'
import { takeFile, takeText, type HeldFile, type TakenFile } from '../artifacts/take-file.ts'
import type { ArtifactRecord } from '../journal/records/artifact.ts'
import type { ArtifactOptions } from './run.ts'
import type { RunWarnings } from './run-warnings.ts'

/** What the files of a run need of it. */
export interface RunUploadsParts {
  /** The journal's folder as of now. */
  readonly folder: () => string
  readonly warnings: RunWarnings
  readonly hasEnded: () => boolean
  /** Whether the journal's folder can take files. */
  readonly isOnDisk: () => boolean
  readonly accept: (record: ArtifactRecord) => void
}

/** The files that a run was given: held on to at once, delivered by and by. */
export class RunUploads {
  readonly #parts: RunUploadsParts
  /** Copies that are being made, by their place. */
  readonly #copies = new Map<string, Promise<void>>()
  #count = 0

  constructor(parts: RunUploadsParts) {
    this.#parts = parts
  }

  /** Take a file, or a folder with all that is in it. */
  artifact(path: string, { to = '', as = basename(path) }: ArtifactOptions = {}): void {
    const { folder, isOnDisk, warnings } = this.#parts
    warnings.guard(path, () => {
      const files = listFolder(path) ?? [{ path, below: '' }]
      for (const file of files) {
        this.#take(`${to}/${as}/${file.below}`, () =>
          isOnDisk() ? takeFile(file.path, folder(), this.#count) : { held: { file: resolve(file.path) } },
        )
      }
    })
  }

  /** Take a text that becomes a file. */
  text(text: string, path: string): void {
    this.#take(path, () => takeText(text, this.#parts.folder(), this.#count))
  }

  /** Settles when the copy of a file that is being made is there. */
  async copied({ copy = '' }: HeldFile): Promise<void> {
    await this.#copies.get(copy)
  }

  #take(path: string, take: () => TakenFile): void {
    const { warnings, hasEnded, accept } = this.#parts
    warnings.guard(path, () => {
      if (hasEnded()) return warnings.refuse(path, 'the run has ended')
      const to = normalizeArtifactPath(path)
      if (to === undefined) return warnings.refuse(path, 'the path is empty or leaves the artifact folder')
      const storable = toStorablePath(to)
      if (storable !== to) {
        const message = `"${to}" is stored as "${storable}".`
        warnings.changed(`path ${to}`, message, 'MLflow cannot store the other name.')
      }
      this.#count += 1
      const { held, copied } = take()
      if (copied !== undefined && held.copy !== undefined) this.#copies.set(held.copy, copied)
      accept({ k: 'a', ...held, to: storable })
    })
  }
}
