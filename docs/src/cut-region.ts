/**
 * The lines between `#region NAME` and `#endregion`, without their common indentation.
 * @throws Error if the text has no such region: a page must not be built with a hole in it.
 */
export function cutRegion(text: string, region: string, file: string): string {
  const lines = text.split('\n')
  const start = lines.findIndex((line) => new RegExp(`^\\s*(//|#) ?#region ${region}\\s*$`).test(line))
  const length = lines.slice(start + 1).findIndex((line) => /^\s*(\/\/|#) ?#endregion\b/.test(line))
  if (start === -1 || length === -1) throw new Error(`${file} has no closed region "${region}"`)
  const cut = lines.slice(start + 1, start + 1 + length)
  const indents = cut
    .filter((line) => line.trim() !== '')
    .map((line) => line.length - line.trimStart().length)
  const indent = Math.min(...indents, Number.MAX_SAFE_INTEGER)
  return cut
    .map((line) => line.slice(indent))
    .join('\n')
    .trim()
}
