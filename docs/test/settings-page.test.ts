import { settingsReference } from '@soen/settings'
import { expect, test } from 'vitest'
import { settingsPage } from '../plugins/settings-page.ts'

const page = settingsPage(settingsReference())

test('every key that takes a value has a row', () => {
  const keys = settingsReference().filter(({ type }) => type !== 'group')
  expect(keys.length).toBeGreaterThan(20)
  const rows = page.match(/^\| `/gm)
  expect(rows).toHaveLength(keys.length)
})

test('keys stand below their group, with words, default and example', () => {
  expect(page).toContain(
    '## targets.NAME.backup\n\nCopies of the database. Nothing acts on it yet: no backup is made. Only with `where: aws` or `where: ssh`.',
  )
  expect(page).toContain('| `keep`<br/>Age at which a backup is deleted. | duration | `30d` | `30d` |')
})

test('a key says for which kind of target it is, unless its group has said so', () => {
  expect(page).toContain(
    '`port`<br/>Port on this computer. Nothing else can reach it. Only with `where: local`.',
  )
  expect(page).not.toContain('| `region`<br/>Region of everything that is created. Only')
})

test('a bar in a type does not end the cell', () => {
  expect(page).toContain(String.raw`| aws \| ssh \| local | required |`)
})
