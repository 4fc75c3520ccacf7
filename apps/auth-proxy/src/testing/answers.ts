/** The responses of a front door, taken from its log: `401 GET /version`, the oldest first. */
export function answersIn(log: readonly string[]): string[] {
  return log.flatMap((line) => {
    const { msg, status, method, path }: Record<string, string | number> = JSON.parse(line)
    return msg === 'request' ? [`${status} ${method} ${path}`] : []
  })
}
