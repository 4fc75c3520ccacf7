import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openStore } from '../store/open-store.ts'
import type { Store } from '../store/store.ts'
import { listUsers } from '../identity/stored-users.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { newPasswordHashing } from '../identity/new-password.ts'
import { hashingTurnstile } from '../identity/password-login.ts'
import { openSetup } from './setup.ts'
import type { Setup } from './setup.ts'

interface Prepared extends AsyncDisposable {
  readonly store: Store
  readonly file: string
  readonly setup: Setup
  readonly secret: string
}

const hashNewPassword = newPasswordHashing(hashingTurnstile())

async function prepare(): Promise<Prepared> {
  const folder = await temporaryFolder()
  const store = await openStore(join(folder.path, 'auth.sqlite'))
  const file = join(folder.path, 'setup-secret')
  await writeFile(file, `${'x'.repeat(32)}\n`, { mode: 0o644 })
  const setup = openSetup({ store, hashNewPassword }, file)
  return {
    store,
    file,
    setup,
    secret: (await readFile(file, 'utf8')).trim(),
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

const ada = { name: 'Ada', password: 'correct horse' }

describe('the set-up secret', () => {
  it('lies where only this user can read it, new at each start', async () => {
    await using prepared = await prepare()
    expect(prepared.secret).toMatch(/^\w{32}$/)
    expect((await stat(prepared.file)).mode & 0o777).toBe(0o600)
  })

  it('makes one admin, then it is gone', async () => {
    await using prepared = await prepare()
    expect(await prepared.setup.complete({ ...ada, secret: ` ${prepared.secret}\n` })).toBe(true)
    expect(await listUsers(prepared.store.db)).toMatchObject([{ name: 'ada', role: 'admin' }])
    expect(prepared.setup.isOpen).toBe(false)
    await expect(stat(prepared.file)).rejects.toThrow('ENOENT')
    expect(await prepared.setup.complete({ ...ada, name: 'eve', secret: prepared.secret })).toBe(false)
    expect(await listUsers(prepared.store.db)).toHaveLength(1)
  })

  it.each(['', 'guess', 'x'.repeat(32)])('opens nothing to %j', async (secret) => {
    await using prepared = await prepare()
    expect(await prepared.setup.complete({ ...ada, secret })).toBe(false)
    expect([prepared.setup.isOpen, await listUsers(prepared.store.db)]).toEqual([true, []])
  })

  it('is not used up by a password that is too short', async () => {
    await using prepared = await prepare()
    const short = prepared.setup.complete({ ...ada, password: 'short', secret: prepared.secret })
    await expect(short).rejects.toMatchObject({ code: 'SOEN_PASSWORD_INVALID' })
    expect(prepared.setup.isOpen).toBe(true)
  })

  it('waits in line for its hash, and is not used up where too many wait', async () => {
    await using prepared = await prepare()
    const file = `${prepared.file}-busy`
    const busy = newPasswordHashing({ enter: () => undefined })
    const setup = openSetup({ store: prepared.store, hashNewPassword: busy }, file)
    const secret = (await readFile(file, 'utf8')).trim()
    await expect(setup.complete({ ...ada, secret })).rejects.toMatchObject({ code: 'SOEN_LOGIN_BUSY' })
    expect([setup.isOpen, await listUsers(prepared.store.db)]).toEqual([true, []])
  })

  it('makes no second admin where another proxy was quicker', async () => {
    await using prepared = await prepare()
    const other = openSetup({ store: prepared.store, hashNewPassword }, `${prepared.file}-2`)
    const secret = (await readFile(`${prepared.file}-2`, 'utf8')).trim()
    const both = [
      prepared.setup.complete({ ...ada, secret: prepared.secret }),
      other.complete({ ...ada, name: 'eve', secret }),
    ]
    expect((await Promise.all(both)).filter(Boolean)).toHaveLength(1)
    expect(await listUsers(prepared.store.db)).toHaveLength(1)
  })

  it('names a file that cannot be written, or that is something else', async () => {
    await using prepared = await prepare()
    const other = `${prepared.file}-notes`
    await writeFile(other, 'my notes')
    for (const file of ['/nowhere/secret', other]) {
      expect(() => openSetup({ store: prepared.store, hashNewPassword }, file)).toThrow(
        expect.objectContaining({ code: 'SOEN_SETUP_FILE' }),
      )
    }
    expect(await readFile(other, 'utf8')).toBe('my notes')
  })
})
