import { shellQuote } from './shell-quote.ts'

/** Lines for a shell's `eval`, so that programs started in it log to this server. */
export function environmentLines(url: string): string {
  return `export MLFLOW_TRACKING_URI=${shellQuote([url])}`
}
