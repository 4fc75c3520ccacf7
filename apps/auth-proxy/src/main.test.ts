import { once } from 'node:events'
import { readFile, stat } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { describe, expect, it, vi } from 'vitest'
import { basic } from './testing/auth-proxy.ts'
import { asOperator } from './testing/running-proxy.ts'
import { firstEvent, password, prepareProgram, runUser } from './testing/program.ts'

describe('the program', () => {
  it('serves until SIGTERM, logs JSON lines, and notices users that come and go meanwhile', async () => {
    await using setting = await prepareProgram()
    const child = setting.serve()
    const log = text(child.stderr)
    const { event, url } = await firstEvent(child)
    expect([event, url]).toEqual(['listening', expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/)])
    const status = async (): Promise<number> =>
      (await fetch(`${url}/version`, { headers: { authorization: basic('ada', password) } })).status

    expect(await status()).toBe(401)
    await runUser(['set', 'ada', '--role', 'admin', '--state', setting.state], `${password}\n`)
    await vi.waitFor(async () => expect(await status()).toBe(200), { timeout: 60_000 })
    await runUser(['set', 'ada', '--state', setting.state], 'another password\n')
    await vi.waitFor(async () => expect(await status()).toBe(401), { timeout: 60_000 })
    await asOperator(setting.state, 'DELETE', 'users/ada')

    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
    const lines = (await log).trim().split('\n')
    expect(lines.length).toBeGreaterThan(3)
    for (const line of lines) expect(JSON.parse(line)).toHaveProperty('level')
    expect(await log).not.toContain(password)
  })

  it('writes a set-up secret while there is no user, and none afterwards', async () => {
    await using setting = await prepareProgram()
    const secretFile = `${setting.state}.setup`
    const first = setting.serve('127.0.0.1:0', '--setup-secret-file', secretFile)
    expect(await firstEvent(first)).toEqual({ event: 'setup', secretFile, path: '/_soen/setup' })
    expect((await stat(secretFile)).mode & 0o777).toBe(0o600)
    const secret = await readFile(secretFile, 'utf8')
    const exited = once(first, 'exit')
    first.kill('SIGTERM')
    await exited
    await runUser(['set', 'ada', '--state', setting.state], `${password}\n`)
    const second = setting.serve('127.0.0.1:0', '--setup-secret-file', secretFile)
    expect(await firstEvent(second)).toMatchObject({ event: 'listening' })
    expect(await readFile(secretFile, 'utf8')).toBe(secret)
  })

  it('says in one line that the port is busy', async () => {
    await using setting = await prepareProgram()
    const { url = '' } = await firstEvent(setting.serve())
    const second = setting.serve(url.replace('http://', ''))
    const exited = once(second, 'exit')
    expect(await firstEvent(second)).toEqual({
      event: 'error',
      code: 'SOEN_PORT_BUSY',
      message: expect.stringContaining(url.replace('http://', '')),
      hint: expect.any(String),
      docs: '/troubleshooting/front-door-program/#soen_port_busy',
    })
    expect(await exited).toEqual([1, null])
  })

  it('takes over the socket file of a killed predecessor, but not of a living one', async () => {
    await using setting = await prepareProgram()
    const listen = `unix:${setting.state}.sock`
    const first = setting.serve(listen)
    expect(await firstEvent(first)).toEqual({ event: 'listening', url: listen })
    expect(await firstEvent(setting.serve(listen))).toMatchObject({ code: 'SOEN_PORT_BUSY' })
    first.kill('SIGKILL')
    await once(first, 'exit')
    expect(await firstEvent(setting.serve(listen))).toEqual({ event: 'listening', url: listen })
  })
})
