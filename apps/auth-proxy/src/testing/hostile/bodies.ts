import { gzipSync } from 'node:zlib'
import { hostile } from './hostile-request.ts'
import type { HostileRequest } from './hostile-request.ts'

const target = 'POST /api/2.0/mlflow/runs/search'
const sound = '{"experiment_ids":["1"]}'

const notOneObject = [
  ['NaN', '{"max_results":NaN}'],
  ['Infinity', '{"max_results":Infinity}'],
  ['JSON in a string', JSON.stringify(sound)],
  ['a list', `[${sound}]`],
  ['a list of two', `[${sound},${sound}]`],
  ['two objects', sound + sound],
  ['an object and more', `${sound}x`],
  ['a number', '1'],
  ['true', 'true'],
  ['null', 'null'],
  ['a comment', `${sound}//`],
  ['a trailing comma', '{"experiment_ids":["1"],}'],
  ['single quotes', "{'experiment_ids':['1']}"],
  ['no quotes', '{experiment_ids:["1"]}'],
  ['half an object', '{"experiment_ids":["1"]'],
  ['a byte order mark', `\ufeff${sound}`],
  ['a raw line break in a text', '{"filter":"a\nb"}'],
  ['a field twice', '{"experiment_ids":["1"],"experiment_ids":["2"]}'],
  ['a field twice by an escape', '{"experiment_ids":["1"],"experiment\\u005fids":["2"]}'],
  ['a free field twice', '{"filter":"a","filter":"b"}'],
  ['an unknown field twice', '{"x":1,"x":2}'],
  ['both spellings', '{"experiment_ids":["1"],"experimentIds":["2"]}'],
] as const

/** Bodies that take a hundred times as long to parse as their size suggests. */
const costly = [
  ['deep nesting', `{"x":${'['.repeat(100)}${']'.repeat(100)}}`],
  ['very deep nesting', '['.repeat(100_000)],
  ['many nothings', `{"experiment_ids":["1"],"order_by":[${'{},'.repeat(100_000)}{}]}`],
  ['many fields', `{${'"a":1,'.repeat(100_000)}"b":1}`],
] as const

const otherBytes = [
  ['UTF-16, little end first', Buffer.from(sound, 'utf16le')],
  ['UTF-16 with its mark', Buffer.from(`\ufeff${sound}`, 'utf16le')],
  ['UTF-32', Buffer.from(Array.from(Buffer.from(sound), (byte) => [byte, 0, 0, 0]).flat())],
  ['Latin-1', Buffer.from('{"filter":"ü"}', 'latin1')],
  ['an overlong character', Buffer.from([0x7b, 0x22, 0xc0, 0xa2, 0x22, 0x3a, 0x31, 0x7d])],
  ['a lone surrogate in UTF-8', Buffer.from([0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d])],
  ['protobuf', Buffer.from([0x0a, 0x01, 0x31])],
  ['NUL', Buffer.from([0])],
] as const

/** Content types that a foreign page may send without a preflight, or that MLflow parses in its own way. */
const otherTypes = [
  'text/plain',
  'text/plain; application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/json, text/plain',
  'application/json; charset=utf-16',
  'application/json; charset=latin1',
  'application/json;charset=utf-8;x=y',
  'application/jsonp',
  'application/vnd.api+json',
  'text/json',
  '*/*',
]

const getRun = (field: string): string => `query G($data: MlflowGetRunInput!) { ${field} }`
const run = '{ run { info { runUuid } } }'

/** CVE-2025-0453, and ids that are not in the variables. */
const graphql = [
  [
    'a thousand aliases',
    getRun(Array.from({ length: 1000 }, (_, n) => `a${n}: mlflowGetRun(input: $data) ${run}`).join(' ')),
  ],
  ['two fields', getRun(`mlflowGetRun(input: $data) ${run} b: mlflowGetRun(input: $data) ${run}`)],
  ['an id in the query', getRun(`mlflowGetRun(input: {runId: "b"}) ${run}`)],
  ['a fragment', `${getRun('...f')} fragment f on Query { mlflowGetRun(input: $data) ${run} }`],
  ['the schema', '{ __schema { types { name } } }'],
  [
    'a mutation',
    `mutation M($data: MlflowSearchRunsInput!) { mlflowSearchRuns(input: $data) { runs { info { runId } } } }`,
  ],
  ['no end', getRun('mlflowGetRun(input: $data) { '.repeat(50))],
  ['an unknown field', getRun('mlflowDeleteEverything(input: $data) { id }')],
  ['no query', ''],
] as const

/** Bodies: CVE-2023-43472, and everything that MLflow parses more leniently than JSON. */
export const hostileBodies: readonly HostileRequest[] = [
  ...notOneObject.map(([name, body]) => hostile(`a body of ${name}`, 400, target, { body })),
  ...costly.map(([name, body]) => hostile(`a body of ${name}`, 413, target, { body })),
  ...otherBytes.map(([name, body]) => hostile(`a body in ${name}`, 400, target, { body })),
  ...otherTypes.map((contentType) =>
    hostile(`a body as ${contentType}`, 415, target, { body: sound, contentType }),
  ),
  ...['gzip', 'deflate', 'br', 'gzip, identity', 'x-gzip'].map((encoding) =>
    hostile(`a body in ${encoding}`, 415, target, {
      body: gzipSync(sound),
      headers: [`content-encoding: ${encoding}`],
    }),
  ),
  ...['runs/get', 'experiments/get', 'experiments/search', 'artifacts/list', 'registered-models/get'].map(
    (route) =>
      hostile(`a body with GET ${route}`, 400, `GET /api/2.0/mlflow/${route}`, { body: '{"run_id":"a"}' }),
  ),
  hostile('a body with HEAD', 400, 'HEAD /api/2.0/mlflow/runs/get?run_id=a', { body: '{"run_id":"b"}' }),
  ...['runs/get?run_id=a', 'experiments/get?experiment_id=1', 'metrics/get-history?run_id=a'].map((route) =>
    hostile(`HEAD ${route}, which MLflow reads from the body`, 405, `HEAD /ajax-api/2.0/mlflow/${route}`),
  ),
  ...graphql.map(([name, query]) =>
    hostile(`GraphQL with ${name}`, 403, 'POST /graphql', {
      body: JSON.stringify({ query, variables: { data: { runId: 'a' } } }),
    }),
  ),
  hostile('a batch of GraphQL', 400, 'POST /graphql', { body: '[{"query":"{test}"},{"query":"{test}"}]' }),
]
