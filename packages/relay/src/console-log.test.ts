import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { ConsoleLog, foldLine } from './console-log.ts'

test.each([
  ['epoch 1', 'epoch 1'],
  ['  0%|    |\r 50%|██  |\r100%|████|', '100%|████|'],
  ['done\r', 'done'],
  ['\u001B[32mgreen\u001B[0m', 'green'],
  ['', ''],
])('%j is kept as %j', (line, kept) => {
  expect(foldLine(line)).toBe(kept)
})

test('what a program writes is shown unchanged and kept in order', async () => {
  const shown = { stdout: '', stderr: '' }
  const into = (name: keyof typeof shown) => ({
    write: (bytes: Uint8Array) => (shown[name] += Buffer.from(bytes)),
  })
  using console = new ConsoleLog({ stdout: into('stdout'), stderr: into('stderr') })
  const script = String.raw`process.stdout.write('a\r\u001b[1mb\u001b[0m\n'.repeat(20000)); process.stderr.write('bad ü\n')`
  spawnSync(process.execPath, ['-e', script], { stdio: ['ignore', ...console.descriptors] })
  console.look()
  expect(shown.stdout).toBe('a\r\u001B[1mb\u001B[0m\n'.repeat(20_000))
  expect(shown.stderr).toBe('bad ü\n')
  const kept = Buffer.concat(await Array.fromAsync(console.text())).toString()
  expect(kept).toBe(`${'b\n'.repeat(20_000)}bad ü\n`)
})
