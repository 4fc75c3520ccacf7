import { basename, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BackgroundCopy } from '../artifacts/background-copy.ts'
import { changedSince } from '../artifacts/file-trouble.ts'
import { listFolder } from '../artifacts/list-files.ts'
import { normalizeArtifactPath, toStorablePath } from '../artifacts/path.ts'
import { takeContent, takeFile, type HeldFile, type TakenFile } from '../artifacts/take-file.ts'
import { textOf } from '../errors/text-of.ts'
import type { ArtifactRecord } from '../journal/records/artifact.ts'
import type { TextRecord } from '../journal/records/text.ts'
import { checkArtifactOptions } from './check-options.ts'
import type { ArtifactOptions } from './run.ts'
import type { RunWarnings } from './run-warnings.ts'

/** What the files of a run work with. */
export interface RunUploadsParts {
  /** The current folder of the journal, which may change. */
  readonly folder: () => string
  readonly warnings: RunWarnings
  readonly hasEnded: () => boolean
  /** Whether the journal's folder can take files. */
  readonly isOnDisk: () => boolean
  readonly accept: (record: ArtifactRecord | TextRecord) => void
}

/** The files that a run was given: held at once, delivered in the background. */
export class RunUploads {
  readonly #parts: RunUploadsParts
  /** Copies in progress, by their path. */
  readonly #copies = new Map<string, BackgroundCopy>()
  #count = 0

  constructor(parts: RunUploadsParts) {
    this.#parts = parts
  }

  /** Take a file, or a folder recursively. */
  artifact(given: string | URL, options?: ArtifactOptions): void {
    const { folder, isOnDisk, warnings } = this.#parts
    warnings.guard(given, () => {
      const path = given instanceof URL ? fileURLToPath(given) : given
      const { to = '', as = basename(path) } = checkArtifactOptions(options, (each) => warnings.tell(each))
      const files = listFolder(path) ?? [{ path, below: '' }]
      for (const file of files) {
        this.#take(`${to}/${as}/${file.below}`, (storable) =>
          isOnDisk()
            ? this.#hold(takeFile(file.path, folder(), this.#count), storable)
            : { k: 'a', file: resolve(file.path), to: storable },
        )
      }
    })
  }

  /** Take a text to upload as a file. */
  text(text: string, path: string): void {
    this.#take(path, (to) => {
      if (typeof text !== 'string') throw new TypeError(`${textOf(text)} is no text`)
      try {
        return this.#keep(text, to)
      } catch {
        // The disk refuses: the text is kept in memory, as a record of the journal.
        return { k: 'x', text, to }
      }
    })
  }

  /** Take bytes to upload as a file. */
  bytes(bytes: Uint8Array, path: string): void {
    this.#take(path, (to) => {
      if (!ArrayBuffer.isView(bytes)) throw new TypeError(`${textOf(bytes)} is no Uint8Array`)
      return this.#keep(bytes, to)
    })
  }

  /** Resolves when the copy of a file is complete. */
  async copied({ copy = '' }: HeldFile): Promise<void> {
    await this.#copies.get(copy)?.done
  }

  /** Complete all copies in progress: the last step before the process exits. */
  save(): void {
    for (const [name, copy] of this.#copies) this.#parts.warnings.guard(name, () => copy.finish())
  }

  #take(path: string, take: (to: string) => ArtifactRecord | TextRecord): void {
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
      accept(take(storable))
    })
  }

  #keep(content: string | Uint8Array, to: string): ArtifactRecord {
    return { k: 'a', ...takeContent(content, this.#parts.folder(), this.#count), to }
  }

  #hold({ held, copying }: TakenFile, to: string): ArtifactRecord {
    if (copying !== undefined) void this.#copying(held.copy ?? '', copying, to)
    return { k: 'a', ...held, to }
  }

  async #copying(copy: string, copying: BackgroundCopy, to: string): Promise<void> {
    this.#copies.set(copy, copying)
    const isSame = await copying.done
    this.#copies.delete(copy)
    if (!isSame) this.#parts.warnings.tell(changedSince(to))
  }
}
