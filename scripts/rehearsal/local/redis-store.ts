import type { Socket } from 'node:net';

/** The contents of a Redis: strings and hashes, by key. */
interface Keys {
  readonly texts: Map<string, string>;
  readonly hashes: Map<string, Map<string, string>>;
}

/**
 * Creates a Redis in memory, for strings and hashes over RESP2 and RESP3, and returns the handler of its connections. Its key
 * `backend-id` holds `id`, unless that is null. It costs a tenth of a separate process that stores over HTTP, and the pods use
 * the same client as in the cluster. Protocol: https://redis.io/docs/latest/develop/reference/protocol-spec/
 */
export function createRedisStore(id: string | null): (socket: Socket) => void {
  const keys: Keys = { texts: new Map(id === null ? [] : [['backend-id', id]]), hashes: new Map() };
  return (socket) => {
    let waiting = '';
    let isResp3 = false;
    // In latin1 one character is one byte, and the protocol's lengths are in bytes.
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => {
      waiting += chunk;
      for (;;) {
        const request = readRequest(waiting);
        if (request === undefined) {
          return;
        }
        waiting = waiting.slice(request.length);
        isResp3 ||= request.words[0]?.toUpperCase() === 'HELLO' && request.words[1] === '3';
        socket.write(answer(keys, request.words, isResp3), 'latin1');
      }
    });
  };
}

/** The first request in `text`, `*2\r\n$3\r\nGET\r\n…`, and its length; undefined while the request is incomplete. */
function readRequest(text: string): { readonly words: readonly string[]; readonly length: number } | undefined {
  let at = 0;
  const readLength = () => {
    const end = text.indexOf('\r\n', at);
    const length = end === -1 ? Number.NaN : Number(text.slice(at + 1, end));
    at = end + 2;
    return length;
  };
  const count = readLength();
  const words: string[] = [];
  while (words.length < count) {
    const length = readLength();
    words.push(text.slice(at, at + length));
    at += length + 2;
  }
  return Number.isNaN(count) || Number.isNaN(at) || at > text.length ? undefined : { words, length: at };
}

function answer(
  { texts, hashes }: Keys,
  [command = '', key = '', ...rest]: readonly string[],
  isResp3: boolean,
): string {
  const bulkOrNull = (text: string | undefined) => (text === undefined ? (isResp3 ? '_\r\n' : '$-1\r\n') : bulk(text));
  const hash = hashes.get(key) ?? new Map<string, string>();
  switch (command.toUpperCase()) {
    case 'HELLO': {
      const about = `${bulk('server')}${bulk('redis')}${bulk('proto')}:${isResp3 ? 3 : 2}\r\n`;
      return `${isResp3 ? '%2' : '*4'}\r\n${about}`;
    }
    case 'PING':
      return '+PONG\r\n';
    case 'AUTH':
    case 'SELECT':
    case 'CLIENT':
      return '+OK\r\n';
    case 'GET':
      return bulkOrNull(texts.get(key));
    case 'SET':
      texts.set(key, rest[0] ?? '');
      return '+OK\r\n';
    case 'DEL':
      return `:${Number(texts.delete(key)) + Number(hashes.delete(key))}\r\n`;
    case 'HGET':
      return bulkOrNull(hash.get(rest[0] ?? ''));
    case 'HVALS':
      return list([...hash.values()]);
    case 'HSET': {
      const before = hash.size;
      for (let field = 0; field + 1 < rest.length; field += 2) {
        hash.set(rest[field] ?? '', rest[field + 1] ?? '');
      }
      hashes.set(key, hash);
      return `:${hash.size - before}\r\n`;
    }
    case 'HDEL':
      return `:${rest.filter((field) => hash.delete(field)).length}\r\n`;
    default:
      return `-ERR unknown command '${command}': a rehearsal's store knows only texts and hashes\r\n`;
  }
}

function bulk(text: string): string {
  return `$${text.length}\r\n${text}\r\n`;
}

function list(texts: readonly string[]): string {
  return `*${texts.length}\r\n${texts.map(bulk).join('')}`;
}
