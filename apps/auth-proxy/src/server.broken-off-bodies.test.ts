import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { describe, expect, it, vi } from 'vitest'
import { auditRecords } from './testing/audit-records.ts'
import { basic } from './testing/auth-proxy.ts'
import { openSite } from './testing/open-site.ts'
import type { OpenSite } from './testing/open-site.ts'
import { plainFetch } from './testing/plain-fetch.ts'

/** Longer than it takes on a machine that is busy with other tests. */
const patience = { timeout: 60_000 }
const requests = [
  ['a call', 'POST /api/2.0/mlflow/runs/create', 'content-type: application/json'],
  ['an upload', 'PUT /api/2.0/mlflow-artifacts/artifacts/1/r/artifacts/model.ckpt', 'accept: */*'],
  ['a form', 'POST /_soen/sign-in', 'origin: http://localhost'],
] as const
/** How the system ends the connection of a program that is killed. */
const ends = [
  ['closed', (socket: Socket) => socket.destroy()],
  ['reset', (socket: Socket) => socket.resetAndDestroy()],
] as const

/** A request by bob of which the rest never comes. */
function half(target: string, header: string): string {
  const head = [`${target} HTTP/1.1`, 'host: localhost', `authorization: ${basic('bob')}`, header]
  return [...head, 'content-length: 100', '', 'half'].join('\r\n')
}

function portOf({ url }: OpenSite): number {
  return Number(new URL(url).port)
}

/** Lines of a figure. */
async function figure(site: OpenSite, name: string): Promise<string[]> {
  const text = await (await plainFetch(`${site.url}/metrics`, {})).text()
  return text.split('\n').filter((line) => line.startsWith(name))
}

/** Waits until so many requests are in progress, besides the one that asks. */
async function untilUnderWay(site: OpenSite, count: number): Promise<void> {
  const name = 'soen_http_requests_in_flight'
  await vi.waitFor(async () => expect(await figure(site, name)).toEqual([`${name} ${count + 1}`]), patience)
}

describe.each(requests)('%s that is broken off', (_what, target, header) => {
  it.each(ends)('is no refusal: %s', async (_how, end) => {
    await using site = await openSite()
    const socket = connect(portOf(site), '127.0.0.1')
    socket.write(half(target, header))
    await untilUnderWay(site, 1)
    // The caller is authenticated, and the body is waited for.
    await new Promise((resolve) => setTimeout(resolve, 300))
    end(socket)
    await untilUnderWay(site, 0)
    expect(await figure(site, 'soen_refusals_total{')).toEqual([])
    await site.audit.flush()
    const records = auditRecords(site.auditFolder)
    expect(records.filter(({ allowed }) => !allowed)).toEqual([])
    // Nor is it something that was done.
    expect(JSON.stringify(records)).not.toContain('runs/create')
  })
})
