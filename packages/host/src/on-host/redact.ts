const removed = '[removed]'

/** Patterns of secrets, each with its replacement. */
const shapes: readonly (readonly [RegExp, string])[] = [
  // Tokens of the front door, AWS key ids, JSON web tokens, private keys.
  [/\bsoen_\w{8,}/g, removed],
  [/\b(AKIA|ASIA)[A-Z0-9]{16}\b/g, removed],
  [/\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]+/g, removed],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g, removed],
  // user:password@ in addresses, and the value after a telling name.
  [/(\w+:\/\/[^\s:/@]+):[^\s@]+@/g, `$1:${removed}@`],
  [/\b(basic|bearer)\s+[\w+/=.~-]{8,}/gi, `$1 ${removed}`],
  [
    /(\w*(?:passw(?:or)?d|pwd|secret(?:_?access_?key)?|access_?key|token|api_?key|credentials?)["']?\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s,;&]+)/gi,
    `$1${removed}`,
  ],
]

/** Replaces everything in a text that looks like a secret. */
export function redact(text: string): string {
  return shapes.reduce((rest, [shape, stays]) => rest.replaceAll(shape, stays), text)
}
