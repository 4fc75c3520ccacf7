/**
 * One user who sends one expensive call over and over: `node send-costly.ts URL NAME`, authorization in
 * SOEN_BENCH_AUTHORIZATION.
 */
import { Client } from 'undici'
import { costlyCalls } from './costly-bodies.ts'

const [url = '', name] = process.argv.slice(2)
const call = costlyCalls().find((one) => one.name === name)
if (call === undefined) throw new Error(`No call is named ${name}.`)
const authorization = process.env['SOEN_BENCH_AUTHORIZATION'] ?? ''
const client = new Client(url)
for (let isFirst = true; ; isFirst = false) {
  const { statusCode, body } = await client.request({
    method: 'POST',
    path: call.path,
    headers: { ...call.headers, authorization },
    body: call.body,
  })
  const answer = await body.text()
  if (statusCode !== 200) throw new Error(`${name} was answered ${statusCode}: ${answer}`)
  if (isFirst) process.stdout.write('accepted\n')
}
