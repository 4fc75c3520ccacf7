import { credentialsFolder, units } from './layout.ts'
import type { ServerSecrets } from './payload.ts'
import type { FileResource } from './resources/file.ts'
import type { Resource } from './resources/resource.ts'

/**
 * The files with secrets, readable by root alone; systemd passes each to its program. None where there is no secret.
 */
export function credentials({ databasePassword, s3, dnsToken }: ServerSecrets = {}): readonly Resource[] {
  const files = [
    // Only one database is used, so the wildcards may match any; a colon in the password would end the field.
    ...(databasePassword === undefined
      ? []
      : [
          secretFile('pgpass', `*:*:*:*:${databasePassword.replaceAll(/[\\:]/g, '\\$&')}\n`, [
            units.mlflow,
            units.authProxy,
          ]),
        ]),
    ...(s3 === undefined
      ? []
      : [
          secretFile(
            'aws',
            `[default]\naws_access_key_id = ${s3.accessKeyId}\naws_secret_access_key = ${s3.secretAccessKey}\n`,
            [units.mlflow],
          ),
        ]),
    ...(dnsToken === undefined ? [] : [secretFile('dns-token', dnsToken)]),
  ]
  if (files.length === 0) return []
  return [{ kind: 'folder', path: credentialsFolder, mode: 0o700, owner: 'root', group: 'root' }, ...files]
}

function secretFile(name: string, content: string, readBy?: readonly string[]): FileResource {
  return {
    kind: 'file',
    path: `${credentialsFolder}/${name}`,
    content,
    isSecret: true,
    mode: 0o600,
    owner: 'root',
    group: 'root',
    ...(readBy !== undefined && { readBy }),
  }
}
