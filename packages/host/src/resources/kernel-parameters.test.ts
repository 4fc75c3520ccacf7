import { existsSync, mkdtempDisposableSync, readFileSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { thisMachine, type Machine } from '../machine/machine.ts'
import { kernelParametersKind, type KernelParametersResource } from './kernel-parameters.ts'

const parameters: KernelParametersResource = {
  kind: 'kernel-parameters',
  name: '60-soen',
  values: { 'vm.swappiness': '10', 'net.core.rmem_max': '7500000' },
}

let machine: Machine
let kernel: Map<string, string>
beforeEach(async () => {
  const root = mkdtempDisposableSync(join(tmpdir(), 'soen-kernel-'))
  onTestFinished(() => root[Symbol.dispose]())
  await mkdir(join(root.path, 'etc/sysctl.d'), { recursive: true })
  kernel = new Map([
    ['vm.swappiness', '60'],
    ['net.core.rmem_max', '212992'],
  ])
  machine = { ...thisMachine({ root: root.path }), run: sysctl(thisMachine(), root.path) }
})

/** Runs every command on the real machine, except those about kernel parameters, which this test simulates. */
function sysctl(real: Machine, root: string): Machine['run'] {
  return async (command, args, stdin) => {
    if (command !== 'sysctl') return real.run(command, args, stdin)
    const [option = '', what = ''] = args
    if (option === '--values') return { code: 0, stdout: `${kernel.get(what)}\n`, stderr: '' }
    const text = args[1] === '--load' ? readFileSync(join(root, args[2] ?? ''), 'utf8') : what
    for (const [, name = '', value = ''] of text.matchAll(/^(\S+?) ?= ?(.*)$/gm)) kernel.set(name, value)
    return { code: 0, stdout: '', stderr: '' }
  }
}

const valuesNow = (): readonly (string | undefined)[] =>
  Object.keys(parameters.values).map((name) => kernel.get(name))

test('puts back what the kernel went by before, however often it was made so', async () => {
  await kernelParametersKind.apply(parameters, machine)
  await kernelParametersKind.apply(parameters, machine)
  await rm(join(machine.root, 'etc/sysctl.d/60-soen.conf'))
  await kernelParametersKind.apply(parameters, machine)
  expect(valuesNow()).toEqual(['10', '7500000'])
  expect(await kernelParametersKind.remains(parameters, machine, new Set())).toEqual({
    goes: ['kernel-parameters 60-soen'],
    stays: [],
  })
  await kernelParametersKind.remove(parameters, machine)
  expect(valuesNow()).toEqual(['60', '212992'])
  expect(existsSync(join(machine.root, 'etc/sysctl.d/60-soen.conf'))).toBe(false)
  await kernelParametersKind.remove(parameters, machine)
  expect(valuesNow()).toEqual(['60', '212992'])
})

test('leaves alone what somebody set since', async () => {
  await kernelParametersKind.apply(parameters, machine)
  kernel.set('vm.swappiness', '1')
  await kernelParametersKind.remove(parameters, machine)
  expect(valuesNow()).toEqual(['1', '212992'])
})

test('says what stays until the next boot where nobody knows what was before', async () => {
  // As made by a version that kept no former values.
  await writeFile(join(machine.root, 'etc/sysctl.d/60-soen.conf'), 'vm.swappiness = 10\n')
  kernel.set('vm.swappiness', '10')
  await kernelParametersKind.apply(parameters, machine)
  const { stays } = await kernelParametersKind.remains(parameters, machine, new Set())
  expect(stays).toEqual([
    { what: 'vm.swappiness = 10 until the next boot' },
    { what: 'net.core.rmem_max = 7500000 until the next boot' },
  ])
  await kernelParametersKind.remove(parameters, machine)
  expect(valuesNow()).toEqual(['10', '7500000'])
  expect(existsSync(join(machine.root, 'etc/sysctl.d/60-soen.conf'))).toBe(false)
})
