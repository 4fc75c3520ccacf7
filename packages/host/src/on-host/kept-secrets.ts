import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hasErrorCode } from '@soen/mlflow-server'
import { credentialsFolder } from '../layout.ts'
import type { Machine } from '../machine/machine.ts'
import type { ServerSecrets } from '../payload.ts'

/** The secrets that an earlier deploy brought: who deploys next need not know them. */
export async function keptSecrets(machine: Machine): Promise<ServerSecrets> {
  const [pgpass, aws, dnsToken] = await Promise.all(
    ['pgpass', 'aws', 'dns-token'].map((name) => readSecret(machine, name)),
  )
  const accessKeyId = /^aws_access_key_id = (.*)$/m.exec(aws ?? '')?.[1]
  const secretAccessKey = /^aws_secret_access_key = (.*)$/m.exec(aws ?? '')?.[1]
  const password = /^\*:\*:\*:\*:(.*)$/m.exec(pgpass ?? '')?.[1]
  return {
    ...(password !== undefined && { databasePassword: password.replaceAll(/\\([\\:])/g, '$1') }),
    ...(accessKeyId !== undefined &&
      secretAccessKey !== undefined && { s3: { accessKeyId, secretAccessKey } }),
    ...(dnsToken !== undefined && { dnsToken }),
  }
}

async function readSecret(machine: Machine, name: string): Promise<string | undefined> {
  try {
    return await readFile(join(machine.root, credentialsFolder, name), 'utf8')
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return undefined
    throw error
  }
}
