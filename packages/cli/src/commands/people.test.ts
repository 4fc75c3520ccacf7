import { join } from 'node:path'
import { temporaryFolder, type TemporaryFolder } from '@soen/testbed'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { soen } from '../testing/running-soen.ts'

let folder: TemporaryFolder
beforeEach(() => {
  folder = temporaryFolder('people')
})
afterEach(() => folder[Symbol.dispose]())

const people = (...args: string[]) => soen([...args, '--home', join(folder.path, '.soen')])

test('makes accounts, and shows a password this once', () => {
  const { stdout, status } = people('user', 'add', 'ada', '--role', 'maintainer')
  expect(status).toBe(0)
  expect(stdout).toMatch(/^ada \w{24} \(shown this once\)\n$/)
  expect(JSON.parse(people('user', 'list', '--json').stdout)).toMatchObject([
    { name: 'ada', role: 'maintainer' },
  ])
})

test('gives a new password and leaves the role as it is', () => {
  const first = JSON.parse(people('user', 'add', 'ada', '--role', 'viewer', '--json').stdout)
  const second = JSON.parse(people('user', 'password', 'ada', '--json').stdout)
  expect(second).toMatchObject({ user: 'ada', password: expect.not.stringContaining(first.password) })
  expect(JSON.parse(people('user', 'list', '--json').stdout)).toMatchObject([{ role: 'viewer' }])
})

test('makes, lists and revokes tokens', () => {
  people('user', 'add', 'trainer', '--service')
  const { token, id } = JSON.parse(people('token', 'create', 'trainer', '--name', 'cluster', '--json').stdout)
  expect(token).toMatch(/^soen_/)
  expect(people('token', 'list', '--owner', 'trainer').stdout).toContain('cluster')
  expect(people('token', 'revoke', id).status).toBe(0)
  expect(people('token', 'list').stdout).not.toContain('cluster')
})

test('passes on what the front door refuses, and its exit code', () => {
  people('user', 'add', 'ada')
  const { stderr, status } = people('user', 'disable', 'bob')
  expect(status).toBe(1)
  expect(stderr).toContain('SOEN_USER_UNKNOWN')
})
