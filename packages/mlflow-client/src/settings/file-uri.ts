/** The `file:` URI of a folder, in Python's form. */
export function toFileUri(folder: string): string {
  return `file://${folder.split('/').map(encodeURIComponent).join('/')}`
}
