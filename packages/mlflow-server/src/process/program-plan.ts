/** What to run and with which environment; nothing of the caller's own environment is in it. */
export interface ProgramPlan {
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}
