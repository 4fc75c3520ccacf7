import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempDisposableSync, readFileSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { thisMachine } from '../machine/machine.ts'
import { stateFolders } from '../layout.ts'
import type { ServerTarget } from '../server-target.ts'
import { readCertificate } from './certificate.ts'

const domain = 'mlflow.example.org'
const target: ServerTarget = {
  where: 'ssh',
  host: { address: 'lab', jump: [] },
  domain,
  tls: { mode: 'acme' },
  firewall: { ssh: 'anyone', web: 'anyone', openPorts: [] },
  securityUpdates: true,
  database: 'postgres',
  artifacts: { uri: 'disk' },
}

test('takes a certificate that is being written for none, however much of it is there', async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'soen-certificate-'))
  const file = join(
    folder.path,
    stateFolders.caddy,
    `.local/share/caddy/certificates/authority/${domain}/${domain}.crt`,
  )
  mkdirSync(dirname(file), { recursive: true })
  execFileSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-batch'],
    ...['-subj', `/CN=${domain}`, '-keyout', join(folder.path, 'key.pem'), '-out', file],
  ])
  const machine = thisMachine({ root: folder.path })
  const stored = async () => (await readCertificate(machine, target)).stored
  expect(await stored()).toMatchObject({ issuer: `CN=${domain}` })
  const { length } = readFileSync(file)
  for (const size of [length - 30, 100, 10, 0]) {
    truncateSync(file, size)
    expect(await stored(), `${size} of ${length} bytes`).toBe(null)
  }
})
