import { shellQuote } from './shell-quote.ts'

/** What a shell may `eval`, so that programs started in it log to a server. */
export function environmentLines(url: string): string {
  return `export MLFLOW_TRACKING_URI=${shellQuote([url])}`
}
