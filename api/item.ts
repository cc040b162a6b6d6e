import { ApiError } from './reply.ts';

/** What `/api/items` stores. */
export interface Item {
  /** 1 to 64 letters, digits, `-` and `_`. */
  readonly id: string;
  /** 1 to 200 characters, none of them a control character. */
  readonly name: string;
  /** An integer from 0 to 1,000,000,000. */
  readonly quantity: number;
}

/** The id of a path. Throws `ApiError` BAD_REQUEST when no item can have it. */
export function parseItemId(text: unknown): string {
  if (typeof text === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(text)) {
    return text;
  }
  throw new ApiError('BAD_REQUEST', "`id` must be 1 to 64 letters, digits, '-' or '_'");
}

/** The item in a request's body, which may leave out `id` and `quantity`. Throws `ApiError` BAD_REQUEST naming every problem. */
export function parseItem(body: unknown, id: string): Item {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ApiError('BAD_REQUEST', 'the body must be a JSON object');
  }
  const problems: string[] = [];
  const { id: given = id, name, quantity = 0, ...others }: Record<string, unknown> = { ...body };
  if (given !== id) {
    problems.push('`id` must be the id in the path, or left out');
  }
  if (!isName(name)) {
    problems.push('`name` must be a string of 1 to 200 characters without control characters');
  }
  if (!isQuantity(quantity)) {
    problems.push('`quantity` must be an integer between 0 and 1000000000');
  }
  for (const field of Object.keys(others).slice(0, 5)) {
    problems.push(`\`${field.slice(0, 40)}\` is not a field of an item, which has id, name, quantity`);
  }
  if (problems.length > 0 || !isName(name) || !isQuantity(quantity)) {
    throw new ApiError('BAD_REQUEST', problems.join('; '));
  }
  return { id, name, quantity };
}

/** Half a surrogate pair is refused: not every backend returns it unchanged. */
function isName(value: unknown): value is string {
  return typeof value === 'string' && /^[^\p{Cc}]{1,200}$/u.test(value) && value.isWellFormed();
}

function isQuantity(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 1_000_000_000;
}
