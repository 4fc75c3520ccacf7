import { MlflowServerError, type MlflowServerErrorCode } from './errors.ts'

/** The hints for `mlflow/kept_database.py` refusing a database. */
const hints = {
  SOEN_DATABASE_OLDER:
    'Copy it first (pg_dump --format=custom --file=mlflow.dump DATABASE), then let it be migrated: soen up --migrate-database.',
  SOEN_DATABASE_NEWER:
    'Use the kit that it was used with last, or a copy from before: no MLflow takes a migration back.',
  SOEN_DATABASE_DAMAGED:
    'Put a copy of it in its place, or save what can be read: sqlite3 FILE .recover | sqlite3 NEW-FILE.',
} satisfies Partial<Record<MlflowServerErrorCode, string>>

/** What a line of MLflow's launcher tells the user; undefined for any other line. */
export function launcherNote(line: string): string | undefined {
  return /^soen: (.*)$/.exec(line)?.[1]
}

/** The error that says why MLflow's launcher refused to start; undefined where its output has no known reason. */
export function launcherRefusal(words: string): MlflowServerError | undefined {
  for (const [, name, message = ''] of words.matchAll(/^(SOEN_\w+): (.*)$/gm)) {
    const code = codes.find((known) => known === name)
    if (code !== undefined) return new MlflowServerError(message, { code, hint: hints[code] })
  }
  return undefined
}

const codes = ['SOEN_DATABASE_OLDER', 'SOEN_DATABASE_NEWER', 'SOEN_DATABASE_DAMAGED'] as const
