import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { auditRecords } from './testing/audit-records.ts'
import { basic, testPassword } from './testing/auth-proxy.ts'
import { openSite } from './testing/open-site.ts'
import type { OpenSite } from './testing/open-site.ts'

let site: OpenSite
beforeAll(async () => {
  site = await openSite({ mlflowSocket: inject('mlflow').socketPath })
  await site.api('ada', 'POST', '/users', { name: 'eve', role: 'member', password: testPassword })
})
afterAll(() => site[Symbol.asyncDispose]())

/** Calls MLflow through the front door; returns the response's status and text. */
async function call(as: string, method: string, path: string, body?: object): Promise<[number, string]> {
  const answer = await fetch(`${site.url}/api/2.0/mlflow/${path}`, {
    method,
    headers: { authorization: basic(as), 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  return [answer.status, await answer.text()]
}

async function make<Answer>(path: string, body: object): Promise<Answer> {
  const [status, text] = await call('bob', 'POST', path, body)
  if (status !== 200) throw new Error(`${path}: ${text}`)
  const made: Answer = JSON.parse(text)
  return made
}

it('lets a member delete, restore and rename what is their own, and nobody else of their rank', async () => {
  const [name, renamed] = [`net-${crypto.randomUUID()}`, `net-${crypto.randomUUID()}`]
  const { experiment_id } = await make<{ experiment_id: string }>('experiments/create', { name })
  const { run } = await make<{ run: { info: { run_id: string } } }>('runs/create', { experiment_id })
  const { run_id } = run.info
  const logged = { experiment_id, name: 'net', tags: [{ key: 'mlflow.user', value: 'eve' }] }
  const { model } = await make<{ model: { info: { model_id: string } } }>('logged-models', logged)
  await make('registered-models/create', { name })

  const changes = [
    ['POST', 'runs/delete', { run_id }],
    ['POST', 'runs/restore', { run_id }],
    ['DELETE', `logged-models/${model.info.model_id}`, {}],
    ['POST', 'registered-models/rename', { name, new_name: renamed }],
  ] as const
  for (const [method, path, body] of changes) {
    expect([path, (await call('eve', method, path, body))[0]]).toEqual([path, 403])
    expect([path, (await call('bob', method, path, body))[0]]).toEqual([path, 200])
  }
  expect((await call('bob', 'GET', `runs/get?run_id=${run_id}`))[1]).toContain('"lifecycle_stage": "active"')
  expect((await call('bob', 'GET', `registered-models/get?name=${renamed}`))[0]).toBe(200)
  // It has no trash.
  expect((await call('bob', 'DELETE', 'registered-models/delete', { name: renamed }))[0]).toBe(403)

  await site.audit.flush()
  const records = auditRecords(site.auditFolder).filter(({ action }) => action.endsWith('runs/delete'))
  expect(records.filter(({ actor }) => actor === 'bob')).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ allowed: true, reason: 'member may manage their own', status: 200 }),
    ]),
  )
  expect(records.filter(({ actor }) => actor === 'eve')).toMatchObject([
    { allowed: false, code: 'SOEN_ROLE_TOO_LOW' },
  ])
})
