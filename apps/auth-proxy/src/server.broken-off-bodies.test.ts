import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { expect, it, vi } from 'vitest'
import { auditRecords } from './testing/audit-records.ts'
import { basic, testPassword } from './testing/front-door.ts'
import { openSite } from './testing/open-site.ts'
import type { OpenSite } from './testing/open-site.ts'
import { plainFetch } from './testing/plain-fetch.ts'

/** Longer than a machine takes that is busy with other tests. */
const patience = { timeout: 20_000 }
const leaves: readonly (readonly [how: string, leave: (socket: Socket) => unknown])[] = [
  ['closed', (socket) => socket.destroy()],
  ['reset', (socket) => socket.resetAndDestroy()],
]
const requests = [
  ['a call', 'POST /api/2.0/mlflow/runs/create', 'content-type: application/json'],
  ['an upload', 'PUT /api/2.0/mlflow-artifacts/artifacts/1/r/artifacts/model.ckpt', 'accept: */*'],
  ['a form', 'POST /_soen/sign-in', 'origin: http://localhost'],
] as const
const cases = requests.flatMap((request) => leaves.map((leave) => [...request, ...leave] as const))

/** The figure, line by line. */
async function figures(site: OpenSite, name: string): Promise<string[]> {
  const text = await (await plainFetch(`${site.url}/metrics`, {})).text()
  return text.split('\n').filter((line) => line.startsWith(name))
}

it.each(cases)('counts nothing as refused when %s is broken off: %s %s, %s', async (...of) => {
  const [, target, header, , leave] = of
  await using site = await openSite()
  const socket = connect(Number(new URL(site.url).port), '127.0.0.1')
  socket.write(
    `${target} HTTP/1.1\r\nhost: localhost\r\nauthorization: ${basic('bob', testPassword)}\r\n${header}\r\ncontent-length: 100\r\n\r\nhalf`,
  )
  const inFlight = async (count: number): Promise<void> =>
    expect(await figures(site, 'soen_http_requests_in_flight')).toEqual([
      `soen_http_requests_in_flight ${count}`,
    ])
  // The one that asks for the figures is counted, too.
  await vi.waitFor(() => inFlight(2), patience)
  // It was checked who asks, and the body is awaited.
  await new Promise((resolve) => setTimeout(resolve, 300))
  leave(socket)
  await vi.waitFor(() => inFlight(1), patience)
  expect(await figures(site, 'soen_refusals_total{')).toEqual([])
  await site.audit.flush()
  expect(auditRecords(site.auditFolder).filter(({ allowed }) => !allowed)).toEqual([])
}, 30_000)
