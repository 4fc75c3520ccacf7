import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A self-signed certificate for 127.0.0.1, with its key. */
export interface Certificate {
  readonly cert: string
  readonly key: string
  /** Path of the certificate. */
  readonly certPath: string
}

/** Create one. */
export function makeCertificate(folder: string, name: string): Certificate {
  const [keyPath, certPath] = [join(folder, `${name}-key.pem`), join(folder, `${name}.pem`)]
  const words = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=${name}`
  const names = ['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', keyPath, '-out', certPath]
  execFileSync('openssl', [...words.split(' '), ...names], { stdio: 'ignore' })
  return { cert: readFileSync(certPath, 'utf8'), key: readFileSync(keyPath, 'utf8'), certPath }
}
