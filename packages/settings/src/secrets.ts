import { isScalar, visit } from 'yaml'
import type { Document, Node } from 'yaml'

/** A place in the file that contains a secret or is named like one. */
export interface SecretFinding {
  readonly node: Node
  /** What gave it away, never the value itself. */
  readonly what: string
}

const secretKey =
  /^(.*_)?(password|passwd|passphrase|secret|token|credentials?|(secret|access|api|private)_?key(_id)?)$/

/** Finds keys that are named like secrets, and URLs with a password. */
export function findSecrets(document: Document): readonly SecretFinding[] {
  const found: SecretFinding[] = []
  visit(document, {
    Pair(_, { key }) {
      if (isScalar(key) && secretKey.test(snakeCase(String(key.value)))) {
        found.push({ node: key, what: `\`${String(key.value)}\` is the name of a secret` })
      }
    },
    Scalar(place, node) {
      if (place !== 'key' && typeof node.value === 'string' && hasPassword(node.value)) {
        found.push({ node, what: 'this URL has a password in it' })
      }
      if (typeof node.value === 'string' && node.value.includes('PRIVATE KEY-----')) {
        found.push({ node, what: 'this is a private key' })
      }
    },
  })
  return found
}

function snakeCase(key: string): string {
  return key
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase()
}

// By pattern rather than `new URL`, which fails on passwords with unescaped characters.
function hasPassword(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/@\s]*:[^@\s]+@/i.test(text) || /[?&]password=/i.test(text)
}
