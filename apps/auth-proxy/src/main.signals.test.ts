import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'undici'
import { describe, expect, it } from 'vitest'
import { hasErrorCode } from './errors/auth-proxy-error.ts'
import { basic } from './testing/auth-proxy.ts'
import { password, prepareProgram, runUser } from './testing/program.ts'
import type { Serving } from './testing/program.ts'

const headers = { authorization: basic('ada', password) }
const answer = 'x'.repeat(20_000)
const sliceMs = 100
const slices = 25

/** A fake MLflow that takes a moment, and two and a half seconds for an artifact. */
async function openProgram(): Promise<Serving> {
  const serving = await prepareProgram(async (request, response) => {
    if (request.url?.includes('mlflow-artifacts') !== true) {
      await sleep(Math.random() * 5)
      return response.end(answer)
    }
    for (let slice = 0; slice < slices; slice += 1) {
      response.write(answer)
      await sleep(sliceMs)
    }
    return response.end()
  })
  await runUser(['set', 'ada', '--role', 'admin', '--state', serving.state], `${password}\n`)
  return serving
}

interface Traffic {
  /** Responses that were complete. */
  whole: number
  readonly failures: unknown[]
  stop(): Promise<void>
}

/** Sends requests one after the other on each of eight kept-alive connections, until stopped or failed. */
function startTraffic(url: string): Traffic {
  const pool = new Pool(url, { connections: 8 })
  const traffic: Traffic & { isOver: boolean } = { whole: 0, failures: [], isOver: false, stop }
  const loops = Array.from({ length: 8 }, async () => {
    while (!traffic.isOver) {
      try {
        const { statusCode, body } = await pool.request({ path: '/version', method: 'GET', headers })
        const read = await body.text()
        if (statusCode !== 200 || read !== answer) throw new Error(`${statusCode}, ${read.length} characters`)
        traffic.whole += 1
      } catch (error) {
        traffic.failures.push(error)
        return
      }
    }
  })
  async function stop(): Promise<void> {
    traffic.isOver = true
    await Promise.all(loops)
    await pool.destroy()
  }
  return traffic
}

describe('the program under load', () => {
  it('takes over settings at SIGHUP without a failed request, and keeps the old ones when they are bad', async () => {
    await using serving = await openProgram()
    const config = `${serving.state}.yaml`
    await writeFile(config, 'features: []\n')
    const child = serving.serve('127.0.0.1:0', '--config', config)
    const log = text(child.stderr)
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
    const nextEvent = async (): Promise<Record<string, unknown>> =>
      JSON.parse(String((await lines.next()).value))
    const { url } = await nextEvent()
    const job = async (): Promise<number> =>
      (await fetch(`${String(url)}/ajax-api/3.0/jobs/1`, { headers })).status
    const reload = async (yaml: string): Promise<Record<string, unknown>> => {
      await writeFile(config, yaml)
      child.kill('SIGHUP')
      return await nextEvent()
    }

    expect(await job()).toBe(403)
    const traffic = startTraffic(String(url))
    for (let times = 0; times < 3; times += 1) {
      expect(await reload('features: [jobs]\n')).toEqual({
        event: 'reloaded',
        changed: ['features'],
        needRestart: [],
      })
      expect(await job()).toBe(200)
      expect(await reload('fetures: []\n')).toMatchObject({
        event: 'reload-refused',
        code: 'SOEN_SETTINGS_UNKNOWN_KEY',
        hint: 'Did you mean features?',
      })
      expect(await job()).toBe(200)
      expect(await reload('auditDays: 30\n')).toEqual({
        event: 'reloaded',
        changed: ['features'],
        needRestart: ['auditDays'],
      })
      expect(await job()).toBe(403)
      await sleep(200)
      await reload('features: []\n')
    }
    await traffic.stop()
    expect(traffic.failures).toEqual([])
    expect(traffic.whole).toBeGreaterThan(8)
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(await log).toContain('The settings stay as they were')
    expect(await log).toContain('only a restart takes over auditDays')
  })

  it('cuts no answer off at SIGTERM, and takes nothing new', async () => {
    await using serving = await openProgram()
    const child = serving.serve()
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
    const { url }: { url: string } = JSON.parse(String((await lines.next()).value))
    const artifact = await fetch(`${url}/api/2.0/mlflow-artifacts/artifacts/1/model.bin`, { headers })
    const traffic = startTraffic(url)
    await sleep(500)
    child.kill('SIGTERM')
    const exited = once(child, 'exit')
    expect((await artifact.text()).length).toBe(slices * answer.length)
    await traffic.stop()
    expect(traffic.whole).toBeGreaterThan(8)
    // Each connection's last response said that it was the last: only opening a new one fails.
    expect(traffic.failures.filter((error) => !hasErrorCode(error, 'ECONNREFUSED'))).toEqual([])
    expect(traffic.failures).toHaveLength(8)
    expect(await exited).toEqual([0, null])
  })
})
