import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bridgeToSocket, startMlflow, startS3 } from '@soen/testbed'
import { createTransport } from '../../rest/transport.ts'
import { uploadFile } from '../../artifacts/upload.ts'
import { createBackgroundFetch } from '../../delivery/background-fetch.ts'
import { measureBoto } from './measure-python.ts'

/** Megabytes per second to the same S3 server: ours through MLflow's presigned parts, boto3's directly. */
export interface UploadFigures {
  readonly ours: number
  readonly boto: number
}

const ROUNDS = 3

/** Upload a file of random bytes both ways, in turns: whichever comes second finds the disk busy with the first. */
export async function measureUpload(folder: string, megabytes: number): Promise<UploadFigures> {
  await using s3 = await startS3()
  const destination = {
    artifactsDestination: `s3://${s3.bucket}/runs`,
    s3EndpointUrl: s3.endpointUrl,
    env: s3.env,
  }
  await using mlflow = await startMlflow(destination)
  await using bridge = await bridgeToSocket(mlflow.socketPath)
  const file = join(folder, 'checkpoint')
  execFileSync('dd', ['if=/dev/urandom', `of=${file}`, 'bs=1M', `count=${megabytes}`], { stdio: 'ignore' })
  const transport = createTransport({ trackingUri: bridge.url })
  const options = {
    file,
    to: 'checkpoint',
    artifactUri: 'mlflow-artifacts:/1/bench/artifacts',
    notesFolder: folder,
    signal: new AbortController().signal,
    timeoutMs: 6e5,
    fetch: createBackgroundFetch(),
  }
  // MLflow loads boto3 with its first multipart upload.
  const small = join(folder, 'small')
  writeFileSync(small, Buffer.alloc(2 ** 20))
  await uploadFile(transport, { ...options, file: small, parts: { fromBytes: 1, minPartBytes: 2 ** 20 } })
  const seconds: { ours: number; boto: number }[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    execFileSync('sync')
    const boto = await measureBoto(mlflow.python, s3, file)
    execFileSync('sync')
    const start = performance.now()
    await uploadFile(transport, { ...options, to: `checkpoint${round}` })
    seconds.push({ ours: (performance.now() - start) / 1000, boto })
  }
  const median = (who: 'boto' | 'ours'): number =>
    seconds.map((round) => round[who]).toSorted((one, other) => one - other)[ROUNDS >> 1] ?? Number.NaN
  return { ours: megabytes / median('ours'), boto: megabytes / median('boto') }
}
