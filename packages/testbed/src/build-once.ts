import { access, mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { hold } from './hold-name.ts'

/** Builds a folder beside its place and moves it there, unless it exists. Of several processes only one builds. */
export async function buildOnce(place: string, build: (building: string) => Promise<void>): Promise<void> {
  if (await exists(place)) return
  await using building = await hold(place)
  void building
  if (await exists(place)) return
  const partial = `${place}.partial`
  await mkdir(dirname(place), { recursive: true })
  // Leftovers of a killed builder.
  await rm(partial, { recursive: true, force: true })
  try {
    await build(partial)
    await rename(partial, place)
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
