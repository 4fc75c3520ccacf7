import { link, mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { runOrThrow, type Machine } from '../machine/machine.ts'
import { payloadStore, type StoredFile } from '../payload.ts'
import { statOf } from './ownership.ts'
import { nothing, type ResourceKind } from './resource-kind.ts'

/** A Python environment with exactly the packages of a hash-locked requirements file. */
interface PythonEnvironmentResource {
  readonly kind: 'python-environment'
  readonly path: string
  /** Path of the requirements on the machine. */
  readonly requirements: string
  /** Path of the installer. */
  readonly uv: string
  /** Carried wheels, in the store under their hashes; without them packages come from the registry. */
  readonly wheels?: readonly StoredFile[]
  /**
   * Modules to import once, so that they and their dependencies are compiled: programs run as users that may not
   * write there.
   */
  readonly imports: readonly string[]
}

/** Python environments: compared with the lock package by package, and rebuilt beside their place. */
export const pythonEnvironmentKind: ResourceKind<PythonEnvironmentResource> = {
  kind: 'python-environment',
  name: ({ path }) => `python-environment ${path}`,
  shell: ({ uv, path, requirements, imports }) => [
    `${uv} venv --python /usr/bin/python3 ${path}`,
    `${uv} pip sync --python ${path}/bin/python --require-hashes ${requirements}`,
    `DO_NOT_TRACK=true ${path}/bin/python -c 'import ${imports.join(', ')}'`,
  ],
  async differences(environment, machine) {
    if ((await statOf(machine, environment.path)) === undefined) {
      return [{ aspect: 'environment', is: null, wanted: 'there' }]
    }
    const { code, stderr } = await machine.run(environment.uv, [
      'pip',
      'sync',
      '--dry-run',
      '--offline',
      '--no-cache',
      '--require-hashes',
      '--python',
      join(environment.path, 'bin/python'),
      environment.requirements,
    ])
    if (code === 0 && stderr.includes('Would make no changes')) return []
    return [{ aspect: 'packages', is: reasonOf(stderr), wanted: `as locked in ${environment.requirements}` }]
  },
  async apply(environment, machine) {
    const place = join(machine.root, environment.path)
    const { building, cache, wheels, former } = besideOf(place)
    for (const path of [building, cache, wheels, former]) await rm(path, { recursive: true, force: true })
    await mkdir(dirname(place), { recursive: true })
    const uv = (...args: string[]): Promise<string> =>
      runOrThrow(machine, environment.uv, ...args, '--quiet', '--cache-dir', cache)
    if (environment.wheels !== undefined) await layOut(environment.wheels, wheels, machine)
    await uv('venv', '--relocatable', '--no-python-downloads', '--python', '/usr/bin/python3', building)
    const python = join(building, 'bin/python')
    await uv(
      'pip',
      'sync',
      '--python',
      python,
      '--require-hashes',
      '--link-mode=hardlink',
      ...(environment.wheels === undefined ? [] : ['--offline', '--no-index', '--find-links', wheels]),
      environment.requirements,
    )
    // About a quarter of what the packages contain: compiling all of it would take three times as long.
    const first = `import ${environment.imports.join(', ')}`
    await runOrThrow(machine, 'env', 'DO_NOT_TRACK=true', python, '-c', first)
    if ((await statOf(machine, environment.path)) !== undefined) await rename(place, former)
    await rename(building, place)
    for (const path of [cache, wheels, former]) await rm(path, { recursive: true, force: true })
  },
  async remains(environment, machine) {
    const isThere = (await statOf(machine, environment.path)) !== undefined
    return isThere ? { goes: [pythonEnvironmentKind.name(environment)] } : nothing
  },
  async remove({ path }, machine) {
    const place = join(machine.root, path)
    for (const it of [place, ...Object.values(besideOf(place))])
      await rm(it, { recursive: true, force: true })
  },
}

/**
 * The environment is built beside its place, then moved there. Fixed names, so that leftovers of a killed run are
 * removed.
 */
function besideOf(place: string): Readonly<Record<'building' | 'cache' | 'wheels' | 'former', string>> {
  return {
    building: `${place}.new`,
    cache: `${place}.cache`,
    wheels: `${place}.wheels`,
    former: `${place}.old`,
  }
}

/** Links the wheels under their own names, which the installer needs; it verifies their hashes itself. */
async function layOut(wheels: readonly StoredFile[], folder: string, machine: Machine): Promise<void> {
  await mkdir(folder)
  for (const { name, sha256 } of wheels) {
    await link(join(machine.root, payloadStore, sha256), join(folder, name))
  }
}

/** The sentence in which uv says what is wrong. */
function reasonOf(stderr: string): string {
  const said = stderr
    .replaceAll(/^(Using Python|Resolved|Checked|hint:).*$/gm, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return said.slice(0, 200) || 'not as locked'
}
