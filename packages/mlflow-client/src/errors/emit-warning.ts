import type { ClientError } from './client-error.ts'

/** Warn as Node itself does, for callers who do not listen. */
export function emitWarning({ message, hint, code }: ClientError): void {
  process.emitWarning(`${message} ${hint}`, { type: 'SoenWarning', code })
}
