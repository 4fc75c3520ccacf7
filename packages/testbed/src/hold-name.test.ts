import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { hold, tryToHold } from './hold-name.ts'

const nameOf = (what: string): string => `${what} of process ${process.pid}`

test('gives a name to one at a time', async () => {
  const first = await hold(nameOf('one'))
  expect(await tryToHold(nameOf('one'))).toBe(undefined)
  await (await hold(nameOf('another')))[Symbol.asyncDispose]()
  const second = hold(nameOf('one'))
  await first[Symbol.asyncDispose]()
  await (await second)[Symbol.asyncDispose]()
})

test('gives a name free when its holder is killed', async () => {
  const module = fileURLToPath(new URL('hold-name.ts', import.meta.url))
  const holding = `import { hold } from ${JSON.stringify(module)}
await hold(${JSON.stringify(nameOf('killed'))})
console.log('held')
setInterval(() => {}, 1000)`
  const holder = spawn(process.execPath, ['--input-type=module', '--eval', holding], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(holder.stdout, 'data')
  expect(await tryToHold(nameOf('killed'))).toBe(undefined)
  holder.kill('SIGKILL')
  await (await hold(nameOf('killed')))[Symbol.asyncDispose]()
})
