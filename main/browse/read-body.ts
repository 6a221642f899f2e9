import type { IncomingMessage } from 'node:http';
import type { Refusal } from './check-request.ts';

/** Room for the largest input of any channel (`logs.pull` with 10,000 ids), and no more. */
export const BODY_LIMIT = 13 * 1024 * 1024;

/** Reads a request's JSON; an invalid body is rejected as soon as that is known. */
export async function readBody(
  request: IncomingMessage,
): Promise<{ readonly value: unknown } | { readonly refusal: Refusal }> {
  const tooLarge: Refusal = { status: 413, message: 'The request is too large.' };
  if (Number(request.headers['content-length'] ?? 0) > BODY_LIMIT) return { refusal: tooLarge };
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of request as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > BODY_LIMIT) return { refusal: tooLarge };
      parts.push(part);
    }
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
    return { value: text === '' ? {} : JSON.parse(text) };
  } catch {
    return { refusal: { status: 400, message: 'The body is no JSON.' } };
  }
}
