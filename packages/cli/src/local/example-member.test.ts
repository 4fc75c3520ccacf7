import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '@soen/testbed'
import { expect, test } from 'vitest'
import { openAccounts } from './accounts.ts'
import { addExampleMember, removeExampleMember } from './example-member.ts'
import { homeAt } from './home.ts'

test('an example has an account of its own, which the next start removes however the last one ended', async () => {
  using folder = temporaryFolder('example')
  const home = { ...homeAt(folder.path), accounts: join(folder.path, 'accounts.db') }
  const accounts = openAccounts(home)
  await accounts.set('admin', 'admin', 'correct horse battery')
  await accounts.set('example', 'member', 'a real person of that name')
  const made = await addExampleMember(home, accounts)
  expect(made.name).toBe('example-2')
  expect((await accounts.list()).toSorted()).toEqual(['admin', 'example', 'example-2'])

  // As if killed here: only the note is left.
  await removeExampleMember(home, accounts)
  expect((await accounts.list()).toSorted()).toEqual(['admin', 'example'])
  await removeExampleMember(home, accounts)

  // As if killed before the account was created.
  writeFileSync(join(home.path, 'example-member'), 'example-2')
  await removeExampleMember(home, accounts)
  expect(existsSync(join(home.path, 'example-member'))).toBe(false)
  expect((await accounts.list()).toSorted()).toEqual(['admin', 'example'])
})
