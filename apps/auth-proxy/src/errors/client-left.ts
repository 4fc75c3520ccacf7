/** The client closed the connection before its request ended: nothing failed, and there is nobody to answer. */
export class ClientLeft extends Error {
  override readonly name = 'ClientLeft'

  constructor() {
    super('The client went away.')
  }
}
