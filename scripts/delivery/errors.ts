/** A file or a checkout is not in a state in which a change can be made and delivered. The message is one line with the reason. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
}
