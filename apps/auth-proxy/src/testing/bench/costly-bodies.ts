/** A call whose body is among the most expensive ones that the front door accepts. */
export interface CostlyCall {
  readonly name: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

const json = { 'content-type': 'application/json' }
const mebibyte = 1024 * 1024
const spanRoute = { path: '/v1/traces', experiment: { 'x-mlflow-experiment-id': '1' } }

/** Each is near one of the limits: values, bytes of one text, bytes of many, values and fields of spans. */
export function costlyCalls(): readonly CostlyCall[] {
  const batch = { run_id: '0', metrics: fill(4_900, { key: 'a', value: 0.1, timestamp: 1, step: 1 }) }
  const texts = { run_id: '0', tags: fill(100, { key: 'a', value: '中'.repeat(17_000) }) }
  return [
    call('a batch of small values', '/api/2.0/mlflow/runs/log-batch', batch),
    call('a batch of long texts', '/api/2.0/mlflow/runs/log-batch', texts),
    call('records of 31 MiB', '/api/3.0/mlflow/datasets/1/records', { records: '"'.repeat(15.5 * mebibyte) }),
    call('spans of many values', spanRoute.path, { a: fill(99_000, 1) }, spanRoute.experiment),
    {
      name: 'spans of many fields',
      path: spanRoute.path,
      headers: { ...spanRoute.experiment, 'content-type': 'application/x-protobuf' },
      body: Buffer.alloc(499_000, Buffer.from([8, 1])),
    },
  ]
}

function call(
  name: string,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): CostlyCall {
  return { name, path, headers: { ...json, ...headers }, body: Buffer.from(JSON.stringify(body)) }
}

function fill(length: number, value: unknown): readonly unknown[] {
  return Array.from({ length }, () => value)
}
