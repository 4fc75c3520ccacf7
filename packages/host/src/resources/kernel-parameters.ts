import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { programFolder } from '../layout.ts'
import { readText, runOrThrow, writeJson, type Machine } from '../machine/machine.ts'
import { fileKind, type FileResource } from './file.ts'
import { statOf } from './ownership.ts'
import { nothing, type Difference, type ResourceKind } from './resource-kind.ts'
import { hereDocument } from './shell.ts'

/** Kernel parameters, set now and at each boot. */
export interface KernelParametersResource {
  readonly kind: 'kernel-parameters'
  /** Name of the file below `/etc/sysctl.d`. */
  readonly name: string
  /** For instance `vm.swappiness: '10'`. */
  readonly values: Readonly<Record<string, string>>
}

type Values = Readonly<Record<string, string>>

/**
 * Kernel parameters: the file that is read at boot, and the kernel's current values. The former values are kept, so
 * that they can be restored.
 */
export const kernelParametersKind: ResourceKind<KernelParametersResource> = {
  kind: 'kernel-parameters',
  name: ({ name }) => `kernel-parameters ${name}`,
  shell: (parameters) => {
    const { path, content } = fileOf(parameters)
    return [...hereDocument(path, content), 'sysctl --system']
  },
  async differences(parameters, machine) {
    const differences: Difference[] = [...(await fileKind.differences(fileOf(parameters), machine))]
    for (const [name, wanted] of Object.entries(parameters.values)) {
      const is = await valueOf(name, machine)
      if (is !== wanted) differences.push({ aspect: name, is, wanted })
    }
    return differences
  },
  async apply(parameters, machine) {
    const file = fileOf(parameters)
    await keepFormer(parameters, machine)
    await fileKind.apply(file, machine)
    await runOrThrow(machine, 'sysctl', '--quiet', '--load', file.path)
  },
  async remains(parameters, machine) {
    if ((await statOf(machine, fileOf(parameters).path)) === undefined) return nothing
    const former = await readFormer(parameters, machine)
    const ours = Object.entries(await oursNow(parameters, machine))
    return {
      goes: [kernelParametersKind.name(parameters)],
      stays: ours
        .filter(([name]) => former[name] === undefined)
        .map(([name, value]) => ({ what: `${name} = ${value} until the next boot` })),
    }
  },
  async remove(parameters, machine) {
    const former = await readFormer(parameters, machine)
    for (const name of Object.keys(await oursNow(parameters, machine))) {
      const value = former[name]
      if (value !== undefined) await runOrThrow(machine, 'sysctl', '--quiet', `${name}=${value}`)
    }
    await fileKind.remove(fileOf(parameters), machine)
    await rm(join(machine.root, formerPath(parameters)), { force: true })
  },
}

function fileOf({ name, values }: Pick<KernelParametersResource, 'name' | 'values'>): FileResource {
  return {
    kind: 'file',
    path: `/etc/sysctl.d/${name}.conf`,
    content: Object.entries(values)
      .map(([key, value]) => `${key} = ${value}\n`)
      .join(''),
    mode: 0o644,
    owner: 'root',
    group: 'root',
  }
}

/** The kernel's current value; null where it has no such parameter. */
async function valueOf(name: string, machine: Machine): Promise<string | null> {
  const { code, stdout } = await machine.run('sysctl', ['--values', name])
  return code === 0 ? stdout.trim() : null
}

/** The current values that are still ours; somebody may have set others since. */
async function oursNow({ values }: KernelParametersResource, machine: Machine): Promise<Values> {
  const ours: Record<string, string> = {}
  for (const [name, value] of Object.entries(values)) {
    if ((await valueOf(name, machine)) === value) ours[name] = value
  }
  return ours
}

const formerPath = ({ name }: KernelParametersResource): string => `${programFolder}/former-${name}.json`

/** Only once: after our file is applied, the kernel no longer has the former values. */
async function keepFormer(parameters: KernelParametersResource, machine: Machine): Promise<void> {
  for (const path of [formerPath(parameters), fileOf(parameters).path]) {
    if ((await statOf(machine, path)) !== undefined) return
  }
  const former: Record<string, string> = {}
  for (const name of Object.keys(parameters.values)) {
    const value = await valueOf(name, machine)
    if (value !== null) former[name] = value
  }
  await writeJson(machine, formerPath(parameters), former)
}

async function readFormer(parameters: KernelParametersResource, machine: Machine): Promise<Values> {
  const former: Values = JSON.parse((await readText(machine, formerPath(parameters))) ?? '{}')
  return former
}
