import type { ClientError } from './client-error.ts'

/** Emit a warning through Node, for callers without a listener. */
export function emitWarning({ message, hint, code }: ClientError): void {
  process.emitWarning(`${message} ${hint}`, { type: 'SoenWarning', code })
}
