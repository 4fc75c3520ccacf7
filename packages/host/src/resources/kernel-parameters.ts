import { runOrThrow } from '../machine/machine.ts'
import { fileKind } from './file.ts'
import type { Difference, FileResource, KernelParametersResource, ResourceKind } from './resource.ts'

/** Kernel parameters: the file that is read at boot, and what the kernel goes by now. */
export const kernelParametersKind: ResourceKind<KernelParametersResource> = {
  async differences(parameters, machine) {
    const differences: Difference[] = [...(await fileKind.differences(fileOf(parameters), machine))]
    for (const [name, wanted] of Object.entries(parameters.values)) {
      const { code, stdout } = await machine.run('sysctl', ['--values', name])
      const is = code === 0 ? stdout.trim() : null
      if (is !== wanted) differences.push({ aspect: name, is, wanted })
    }
    return differences
  },
  async apply(parameters, machine) {
    const file = fileOf(parameters)
    await fileKind.apply(file, machine)
    await runOrThrow(machine, 'sysctl', '--quiet', '--load', file.path)
  },
}

function fileOf({ name, values }: KernelParametersResource): FileResource {
  const lines = Object.entries(values).map(([key, value]) => `${key} = ${value}\n`)
  return {
    ...{ kind: 'file', path: `/etc/sysctl.d/${name}.conf`, content: lines.join('') },
    ...{ mode: 0o644, owner: 'root', group: 'root' },
  }
}
