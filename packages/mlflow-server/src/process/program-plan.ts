/** The command to run, with its complete environment: nothing is inherited from the caller's. */
export interface ProgramPlan {
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}
