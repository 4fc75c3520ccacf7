import { expect, it } from 'vitest'
import { openSite } from '../testing/open-site.ts'

const page = '<!doctype html><html><head><script src="main.js"></script></head></html>'

it("begins MLflow's page with ours, as a copy that no cache takes for MLflow's", async () => {
  await using site = await openSite({
    mlflow: (_request, response) =>
      void response
        .writeHead(200, { 'content-type': 'text/html', etag: '"mlflow"', 'content-length': page.length })
        .end(page),
  })
  const answer = await (await site.signedIn('bob')).get('/')
  const text = await answer.text()
  expect(text).toMatch(
    /^<!doctype html><html><head><style>[^<]+<\/style><script>[^<]+<\/script><script src="main.js">/,
  )
  expect(answer.headers.get('content-length')).toBe(String(Buffer.byteLength(text)))
  expect(answer.headers.get('etag')).toBeNull()
  expect(site.upstream.requests.map(({ headers }) => headers.cookie)).toEqual([undefined])
})

it('sends on what MLflow says when it has no page', async () => {
  await using site = await openSite({
    mlflow: (_request, response) => void response.writeHead(503).end('<head>not yet'),
  })
  const answer = await (await site.signedIn('bob')).get('/')
  expect([answer.status, await answer.text()]).toEqual([503, '<head>not yet'])
})
