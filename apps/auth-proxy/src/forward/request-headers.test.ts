import type { IncomingMessage } from 'node:http'
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { describe, expect, it } from 'vitest'
import { upstreamHeaders } from './request-headers.ts'

async function headersAsForwarded(sent: Record<string, string>): Promise<Record<string, string>> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const client = request({ host: '127.0.0.1', port, headers: sent })
  client.on('error', () => undefined).end()
  const [incoming] = (await once(server, 'request')) as [IncomingMessage]
  const result = upstreamHeaders(incoming)
  server.closeAllConnections()
  server.close()
  return result
}

const ours = { host: 'localhost', 'x-forwarded-for': '127.0.0.1' }

describe('upstreamHeaders', () => {
  it("passes on what MLflow's clients mean for it", async () => {
    const meant = {
      accept: '*/*',
      'content-type': 'application/json',
      range: 'bytes=0-9',
      'user-agent': 'mlflow-python-client/3.17.2',
      'x-mlflow-experiment-id': '1',
    }
    expect(await headersAsForwarded(meant)).toEqual({ ...ours, ...meant })
  })

  it.each([
    'authorization',
    'cookie',
    'forwarded',
    'x-forwarded-for',
    'X_Forwarded_For',
    'x-forwarded-host',
    'x-forwarded-prefix',
    'x-forwarded-user',
    'X_Forwarded_User',
    'x-real-ip',
    'via',
    'x-mlflow-workspace',
    'x-mlflow-authorization',
    'X_MLflow_Experiment_Id',
    'origin',
    'referer',
    'te',
    'proxy-authorization',
    'x-anything',
  ])('stops a claim by header: %s', async (name) => {
    expect(await headersAsForwarded({ [name]: 'trailers' })).toEqual(ours)
  })

  it('stops another Host from reaching MLflow', async () => {
    expect(await headersAsForwarded({ host: 'mlflow.example.org' })).toEqual(ours)
  })
})
