/** What a run stores about the error that ended it. */
export interface Failure {
  /** One line, for a tag. */
  readonly line: string
  /** With the stack and the causes. */
  readonly whole: string
}

/** Deeper than any program nests causes on purpose. */
const MAX_CAUSES = 8

/** Describe anything that was thrown. Passwords in addresses are removed. */
export function describeFailure(thrown: unknown): Failure {
  const chain: unknown[] = []
  for (let each = thrown; each !== undefined && chain.length < MAX_CAUSES; each = causeOf(each)) {
    chain.push(each)
  }
  const whole = chain.map((each) => (each instanceof Error ? (each.stack ?? String(each)) : String(each)))
  const [first = ''] = String(thrown).split('\n')
  return { line: redact(first), whole: redact(`${whole.join('\n\nCaused by: ')}\n`) }
}

function causeOf(thrown: unknown): unknown {
  return thrown instanceof Error ? thrown.cause : undefined
}

function redact(text: string): string {
  return text.replaceAll(/\/\/[^\s/]*@/g, '//***@')
}
