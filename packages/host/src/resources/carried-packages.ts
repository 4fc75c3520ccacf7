import { link, mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runOrThrow, type Machine } from '../machine/machine.ts'
import { programFolder } from '../layout.ts'
import { payloadStore, type StoredFile } from '../payload.ts'

const folder = `${programFolder}/packages`

/** What each package says of itself, by its hash: a plan installs packages several times, and asking takes a process. */
const knownFields = new Map<string, string>()

/**
 * Options by which apt-get knows the carried packages and no others: they are laid out as a repository, whose
 * index is made here. They may be trusted, since the store's names are their hashes.
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
    // Their own names have percent signs in them, which apt-get would read as an address does.
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

/** The repository takes no room once it was used: the store has the same files. */
export async function removeCarriedRepository(machine: Machine): Promise<void> {
  await rm(join(machine.root, folder), { recursive: true, force: true })
}
