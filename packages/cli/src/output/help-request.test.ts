import { expect, test } from 'vitest'
import { soen } from '../testing/running-soen.ts'

test.each([
  [['help', 'stats'], 'status'],
  [['stats', '--help'], 'status'],
  [['help', 'user', 'ad'], 'add'],
  [['user', 'ad', '-h'], 'add'],
  [['--no-color', 'stats', '--help'], 'status'],
])('«%s» says that there is no such verb, and which was meant', (args, meant) => {
  const { status, stdout, stderr } = soen(args)
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toContain(`Did you mean ${meant}?`)
})

test.each([
  [['help'], 'soen [options] [command]'],
  [['help', 'user', 'add'], 'soen user add [options] <name>'],
  [['user', 'add', '--help'], 'soen user add [options] <name>'],
  [['audit', '--run', 'x', '--help'], 'soen audit [options] [command]'],
  [['logs', '-n', '5', '--help'], 'soen logs [options] [program]'],
])('«%s» shows the help of that verb', (args, usage) => {
  const { status, stdout } = soen(args)
  expect(status).toBe(0)
  expect(stdout).toContain(`Usage: ${usage}`)
})
