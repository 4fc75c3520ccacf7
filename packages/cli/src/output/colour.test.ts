import { expect, test } from 'vitest'
import { openTerminal } from '../testing/pseudo-terminal.ts'

const runs: readonly (readonly [string, readonly string[], Readonly<Record<string, string>>, boolean])[] = [
  ['in a terminal', [], {}, true],
  ['with --no-color before the verb', ['--no-color'], {}, false],
  ['with NO_COLOR', [], { NO_COLOR: '1' }, false],
]

test.each(runs)('%s an error has colours: %s %s %s', async (_how, flags, env, isColoured) => {
  await using terminal = openTerminal([...flags, 'logs', '--home', '/no/such/home'], { env })
  expect(await terminal.ended).toBe(1)
  expect(terminal.screen()).toContain('(SOEN_NO_LOGS)')
  expect(terminal.isColoured()).toBe(isColoured)
})

test('--no-color counts after the verb, too', async () => {
  await using terminal = openTerminal(['logs', '--home', '/no/such/home', '--no-color'])
  expect(await terminal.ended).toBe(1)
  expect(terminal.isColoured()).toBe(false)
})
