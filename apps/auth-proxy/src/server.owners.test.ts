import { expect, it } from 'vitest'
import { basic, openAuthProxy } from './testing/auth-proxy.ts'
import type { AuthProxy } from './testing/auth-proxy.ts'
import type { Misbehaviour } from './testing/fake-upstream.ts'

const api = '/api/2.0/mlflow'
const tagged = (owner: string): object => ({ tags: [{ key: 'mlflow.user', value: owner }] })
/** Says that everything belongs to bob, and accepts every change. */
const ofBob: Misbehaviour = (request, response) => {
  request.resume()
  const isQuestion = request.method === 'GET'
  const answer = {
    run: { data: tagged('bob') },
    model: { info: tagged('bob') },
    registered_model: tagged('bob'),
  }
  response.setHeader('content-type', 'application/json').end(JSON.stringify(isQuestion ? answer : {}))
}

const changes = [
  ['POST', `${api}/runs/delete`, { run_id: 'a' }, `${api}/runs/get?run_id=a`],
  ['POST', `${api}/runs/restore`, { run_id: 'a' }, `${api}/runs/get?run_id=a`],
  ['DELETE', `${api}/logged-models/m-1`, {}, `${api}/logged-models/m-1?allow_deleted=true`],
  [
    'POST',
    `${api}/registered-models/rename`,
    { name: 'a b', new_name: 'c' },
    `${api}/registered-models/get?name=a%20b`,
  ],
] as const

async function send(
  door: AuthProxy,
  as: string,
  method: string,
  path: string,
  body: object,
): Promise<number> {
  const headers = { authorization: basic(as), 'content-type': 'application/json' }
  return (await door.fetch(path, { method, headers, body: JSON.stringify(body) })).status
}

it.each(changes)('lets a member do %s %s to their own', async (method, path, body, question) => {
  await using door = await openAuthProxy({ mlflow: ofBob })
  expect(await send(door, 'bob', method, path, body)).toBe(200)
  expect(door.upstream.hits).toEqual([`GET ${question}`, `${method} ${path}`])
})

it.each(changes)('keeps a viewer, and a member whose it is not, from %s %s', async (method, path, body) => {
  const others = {
    run: { data: tagged('eve') },
    model: { info: tagged('eve') },
    registered_model: tagged('eve'),
  }
  for (const answer of [others, {}, [], { run: { data: { tags: [{ key: 'mlflow.user' }] } } }]) {
    await using door = await openAuthProxy({
      mlflow: (_request, response) => void response.end(JSON.stringify(answer)),
    })
    expect(await send(door, 'vic', method, path, body)).toBe(403)
    expect(door.upstream.hits).toEqual([])
    expect(await send(door, 'bob', method, path, body)).toBe(403)
    expect(door.upstream.hits).toHaveLength(1)
  }
})

it('asks nothing for who may do it to everything', async () => {
  await using door = await openAuthProxy({ mlflow: ofBob })
  expect(await send(door, 'cleo', 'POST', `${api}/runs/delete`, { run_id: 'a' })).toBe(200)
  expect(door.upstream.hits).toEqual([`POST ${api}/runs/delete`])
})

it('does nothing while MLflow does not say whose it is', async () => {
  await using gone = await openAuthProxy({
    mlflow: (_request, response) => void response.writeHead(404).end('{}'),
  })
  expect(await send(gone, 'bob', 'POST', `${api}/runs/delete`, { run_id: 'a' })).toBe(403)
  await using broken = await openAuthProxy({ mlflow: (_request, response) => void response.destroy() })
  expect(await send(broken, 'bob', 'POST', `${api}/runs/delete`, { run_id: 'a' })).toBe(502)
})
