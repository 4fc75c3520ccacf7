/**
 * The ids that were given out while the server was away, and those that the server gave later.
 *
 * A program goes on with the id that it was given. It is told apart from any other text by its randomness, so it
 * is replaced wherever it stands: in a path, a query, a tag that names the parent run, the address of an artifact.
 */
export class OtherIds {
  readonly #toServer = new Map<string, string>()
  readonly #toProgram = new Map<string, string>()

  /** Note what the server calls something. */
  add(programId: string, serverId: string): void {
    if (programId === serverId) return
    this.#toServer.set(programId, serverId)
    this.#toProgram.set(serverId, programId)
  }

  /** A text of the program's, as the server understands it. */
  toServer(text: string): string {
    return replaceAll(text, this.#toServer)
  }

  /** A text of the server's, as the program understands it. */
  toProgram(text: string): string {
    return replaceAll(text, this.#toProgram)
  }
}

function replaceAll(text: string, ids: ReadonlyMap<string, string>): string {
  if (ids.size === 0) return text
  // Ids are letters and digits, each a whole word.
  return text.replaceAll(/\w{16,}/g, (word) => ids.get(word) ?? word)
}
