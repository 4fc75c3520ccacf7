import { expect, test } from 'vitest'
import { parseSettings } from './parse.ts'
import { chooseTarget } from './target.ts'

const one = parseSettings('targets: { dev: { where: local } }')
const two = parseSettings('targets: { dev: { where: local }, bench: { where: local, port: 5600 } }')

test('takes the only target without being told', () => {
  expect(chooseTarget(one).name).toBe('dev')
})

test('takes the named target', () => {
  expect(chooseTarget(two, 'bench')).toMatchObject({ name: 'bench', target: { port: 5600 } })
})

test('does not guess between two servers', () => {
  expect(() => chooseTarget(two)).toThrow(
    expect.objectContaining({ code: 'SOEN_SETTINGS_TARGET_UNKNOWN', hint: 'Name one of: dev, bench.' }),
  )
})

test('suggests the target that was meant', () => {
  expect(() => chooseTarget(two, 'bensh')).toThrow(expect.objectContaining({ hint: 'Did you mean `bench`?' }))
})
