import { credentialsFolder } from '../layout.ts'
import { readText, type Machine } from '../machine/machine.ts'
import type { ServerSecrets } from '../payload.ts'

/** The secrets that an earlier deploy brought, so that the next one need not have them. */
export async function keptSecrets(machine: Machine): Promise<ServerSecrets> {
  const secretOf = (name: string): Promise<string | undefined> =>
    readText(machine, `${credentialsFolder}/${name}`)
  const pgpass = await secretOf('pgpass')
  const aws = await secretOf('aws')
  const dnsToken = await secretOf('dns-token')
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
