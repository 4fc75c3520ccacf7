import { link, mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runOrThrow, type Machine } from '../machine/machine.ts'
import { programFolder } from '../layout.ts'
import { payloadStore, type StoredFile } from '../payload.ts'

const folder = `${programFolder}/packages`

/**
 * The control fields of each package, by its hash: a plan installs packages several times, and reading them takes a
 * process.
 */
const knownFields = new Map<string, string>()

/**
 * Options that make apt-get use the carried packages and no others: they are laid out as a repository with an index
 * made here. It is trusted, since the store's file names are verified hashes.
 */
export async function carriedRepository(
  carried: readonly StoredFile[],
  machine: Machine,
): Promise<readonly string[]> {
  const place = join(machine.root, folder)
  await rm(place, { recursive: true, force: true })
  await mkdir(join(place, 'lists'), { recursive: true })
  const entries: string[] = []
  for (const { sha256 } of carried) {
    // The packages' own names contain percent signs, which apt-get would decode as in a URL.
    const file = join(place, `${sha256}.deb`)
    await link(join(machine.root, payloadStore, sha256), file)
    const fields = knownFields.get(sha256) ?? (await runOrThrow(machine, 'dpkg-deb', '--field', file)).trim()
    knownFields.set(sha256, fields)
    const { size } = await stat(file)
    entries.push(`${fields}\nFilename: ./${sha256}.deb\nSize: ${size}\nSHA256: ${sha256}\n`)
  }
  await writeFile(join(place, 'Packages'), entries.join('\n'))
  await writeFile(join(place, 'sources.list'), `deb [trusted=yes] file:${folder} ./\n`)
  const options = [
    '-o',
    `Dir::Etc::SourceList=${folder}/sources.list`,
    '-o',
    'Dir::Etc::SourceParts=-',
    '-o',
    `Dir::State::Lists=${folder}/lists`,
  ]
  await runOrThrow(machine, 'apt-get', 'update', ...options)
  return options
}

/** Deletes the repository after use; the store keeps the same files. */
export async function removeCarriedRepository(machine: Machine): Promise<void> {
  await rm(join(machine.root, folder), { recursive: true, force: true })
}
