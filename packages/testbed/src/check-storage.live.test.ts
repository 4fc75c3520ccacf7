import { once } from 'node:events'
import { createServer } from 'node:http'
import { checkStorage, ensureMlflow } from '@soen/mlflow-server'
import { expect, test } from 'vitest'
import { startS3 } from './s3.ts'

const keys = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_DEFAULT_REGION: 'us-east-1' }

/** Checks the artifacts alone, as `soen up` does. */
async function check(
  artifactsDestination: string,
  s3EndpointUrl: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const { python } = await ensureMlflow()
  await checkStorage({
    python,
    backendStoreUri: 'sqlite:////d/mlflow.db',
    artifactsDestination,
    s3EndpointUrl,
    env: {
      ...env,
      PATH: process.env['PATH'] ?? '',
    },
  })
}

/** An S3 server whose policy lets these keys list only one folder of the bucket, like the policy of `@soen/infra`. */
async function startNarrowS3(prefix: string) {
  const server = createServer((incoming, answer) => {
    const { pathname, searchParams } = new URL(incoming.url ?? '', 'http://s3')
    const isAllowed = incoming.method === 'GET' && searchParams.get('prefix')?.startsWith(prefix)
    answer.writeHead(isAllowed ? 200 : 403, { 'content-type': 'application/xml' })
    answer.end(
      isAllowed
        ? `<ListBucketResult><Name>${pathname.slice(1)}</Name><KeyCount>0</KeyCount></ListBucketResult>`
        : '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return { url: `http://127.0.0.1:${port}`, [Symbol.dispose]: () => void server.close() }
}

test('finds good a bucket of which the keys may list the folder of the artifacts alone', async () => {
  using s3 = await startNarrowS3('artifacts/')
  await expect(check('s3://team/artifacts', s3.url, keys)).resolves.toBeUndefined()
  await expect(check('s3://team/elsewhere', s3.url, keys)).rejects.toMatchObject({
    code: 'SOEN_ARTIFACTS_UNREACHABLE',
    cause: { message: expect.stringContaining('AccessDenied') },
  })
})

test('says of a real S3 whether its bucket is missing or the keys are wrong', async () => {
  await using s3 = await startS3()
  await expect(check(`s3://${s3.bucket}/runs`, s3.endpointUrl, s3.env)).resolves.toBeUndefined()
  await expect(check('s3://no-such-bucket/runs', s3.endpointUrl, s3.env)).rejects.toMatchObject({
    cause: { message: expect.stringContaining('NoSuchBucket') },
  })
  await expect(
    check(`s3://${s3.bucket}/runs`, s3.endpointUrl, { ...s3.env, AWS_SECRET_ACCESS_KEY: 'wrong' }),
  ).rejects.toMatchObject({ cause: { message: expect.stringMatching(/SignatureDoesNotMatch|AccessDenied/) } })
})
