import { Agent } from 'node:https';
import type { Transport, TransportFailure } from './gcs-transport.ts';

/** Token responses have a few kilobytes. */
const REPLY_LIMIT = 1024 * 1024;
/** These responses have no body, and `Response` rejects one. */
const NO_BODY = new Set([204, 205, 304]);

/** Why a request to a sign-in service got no response, and which host it went to. */
export class SignInFailure extends Error {
  readonly failure: TransportFailure;
  readonly host: string;
  readonly code: string;
  constructor(failure: TransportFailure, host: string) {
    super(`${host}: ${failure.reason}`);
    this.failure = failure;
    this.host = host;
    // The library retries by these codes; ours is not one it knows, so only we retry.
    this.code = failure.kind;
  }
}

/**
 * Options that route the sign-in library's requests through our own transport. By default it uses its own proxy code, which throws at a
 * password with a bare `%`, ends the process when the proxy is gone, and keeps sockets open after a failure.
 */
export function signInTransport(transport: Transport): {
  readonly agent: Agent;
  readonly fetchImplementation: typeof fetch;
} {
  return {
    // Never used; the library looks for a proxy only if no agent is given.
    agent: new Agent(),
    fetchImplementation: async (input, init = {}) => {
      const url = new URL(input instanceof Request ? input.url : input);
      const body = await bytesOf(init.body);
      const sent = await transport.send(
        {
          method: (init.method ?? 'GET') as 'GET' | 'POST' | 'PUT',
          url,
          headers: Object.fromEntries(new Headers(init.headers)),
          signal: init.signal ?? new AbortController().signal,
          ...(body === null ? {} : { body }),
        },
        REPLY_LIMIT,
      );
      if (!sent.ok) throw new SignInFailure(sent.error, url.host);
      const { status, headers, body: reply } = sent.value;
      const named = Object.entries(headers).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string',
      );
      return new Response(NO_BODY.has(status) ? null : new Uint8Array(reply), { status, headers: named });
    },
  };
}

async function bytesOf(body: RequestInit['body']): Promise<Uint8Array | null> {
  if (body === undefined || body === null) return null;
  return new Uint8Array(await new Response(body).arrayBuffer());
}

/** Returns our failure inside a library error; null for a refusal worded by the library itself. */
export function signInFailureIn(error: unknown): SignInFailure | null {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++)
    if (at instanceof SignInFailure) return at;
  return null;
}
