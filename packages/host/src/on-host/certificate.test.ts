import { execFileSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempDisposableSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { stateFolders } from '../layout.ts'
import { thisMachine } from '../machine/machine.ts'
import { readCertificate, renewCertificate } from './certificate.ts'

const domain = 'mlflow.example.org'
const target = { domain, tls: { mode: 'acme' } } as const

/** A machine's root with a certificate stored by Caddy. */
function certifiedRoot() {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'soen-certificate-'))
  const place = `.local/share/caddy/certificates/authority/${domain}/${domain}.crt`
  const file = join(folder.path, stateFolders.caddy, place)
  mkdirSync(dirname(file), { recursive: true })
  execFileSync('openssl', [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-batch',
    '-subj',
    `/CN=${domain}`,
    '-keyout',
    join(folder.path, 'key.pem'),
    '-out',
    file,
  ])
  return { path: folder.path, file, [Symbol.dispose]: () => folder[Symbol.dispose]() }
}

test('takes a certificate that is being written for none, however much of it is there', async () => {
  using root = certifiedRoot()
  const machine = thisMachine({ root: root.path })
  const stored = async () => (await readCertificate(machine, target)).stored
  expect(await stored()).toMatchObject({ issuer: `CN=${domain}` })
  const { length } = readFileSync(root.file)
  for (const size of [length - 30, 100, 10, 0]) {
    truncateSync(root.file, size)
    expect(await stored(), `${size} of ${length} bytes`).toBe(null)
  }
})

test('puts the old certificate back where Caddy does not start', async () => {
  using root = certifiedRoot()
  const before = readFileSync(root.file, 'utf8')
  writeFileSync(join(root.path, 'systemctl'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
  const machine = thisMachine({ root: root.path, env: { PATH: root.path } })
  await expect(renewCertificate(machine, target)).rejects.toThrow('systemctl')
  expect(readFileSync(root.file, 'utf8')).toBe(before)
  expect(readdirSync(dirname(root.file))).toHaveLength(1)
})
